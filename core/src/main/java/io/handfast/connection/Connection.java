package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;
import static io.handfast.connection.Deadlines.earliest;

import io.handfast.connection.CloseCause.Who;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.ClientFrame;
import io.handfast.protocol.ClientFrames;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.Incoming;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.ServerFrames;
import io.handfast.readiness.Proof;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import io.handfast.run.Conversations.RunReference;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection, from the 101 to its one close cause, as a pure machine: inputs are method calls with the time
 * as a parameter, outputs are {@linkplain #poll() effects} that the adapter drains after each input. It knows no thread,
 * clock, socket or logger, and never throws at its adapter. Its states and transitions are in docs/connection.md.
 *
 * <p>Duties of an adapter:
 *
 * <ol>
 *   <li>Call all methods from one thread, the same for the whole life of the connection.
 *   <li>Call {@link #accepted} when the 101 is handed to the transport and {@link #upgradeWritten} when its write has
 *       completed.
 *   <li>After every input drain {@link #poll()} until it is null, carry the effects out in order, and flush once.
 *   <li>Call {@link #tick} when {@link #nextDeadlineNanos()} has come; it may change after every input.
 *   <li>Report {@link #writable} whenever that changes, {@link #written} when a write completes, {@link #progressed} while a
 *       large one is under way, {@link #bytesRead} for whatever arrives.
 *   <li>Stop reading from the socket while {@link #wantsInput()} is false.
 * </ol>
 *
 * <p>All times are nanoseconds of one monotonic clock.
 */
public final class Connection {
    /** How long pending events may take to leave once the maximum age has come. Short against every platform's limit. */
    private static final long MAX_AGE_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final ConnectionSetup setup;
    private final ConnectionLimits limits;
    private final long bornNanos;
    private final String validationId;
    private final Outbox outbox = new Outbox();
    private final OutputFlow output;
    private final Heartbeat heartbeat;
    private final ThreadReaders readers;
    private final ClientRequests requests;
    private final HeldFrames held;

    private ConnectionState state = ConnectionState.ACCEPTED;
    private long now;
    private long acceptedNanos = NEVER;
    private long readyNanos;
    private @Nullable Establishing establishing;
    private Proof proof = Proof.NONE;
    private boolean provenWhileSettling;
    private byte @Nullable [] owedPong;
    private CloseCode leaveCode = CloseCode.SERVICE_RESTART;
    private long leaveByNanos = NEVER;
    private @Nullable CloseCause cause;
    private long closeByNanos = NEVER;
    private boolean over;

    public Connection(ConnectionSetup setup, long nowNanos) {
        this.setup = setup;
        limits = setup.limits();
        bornNanos = nowNanos;
        validationId = HexFormat.of().toHexDigits(setup.nonces().getAsLong());
        output = new OutputFlow(limits.slowConsumer().toNanos());
        heartbeat = new Heartbeat(limits.heartbeat().toNanos(), setup.nonces());
        readers = new ThreadReaders(limits.readBytes(), outbox);
        requests = new ClientRequests(limits.subscriptions(), readers, outbox);
        held = new HeldFrames(limits.heldFrames(), limits.heldBytes());
    }

    // ---- inputs: the transport

    /** The 101 is handed to the transport. */
    public void accepted(long nowNanos) {
        whileOpen(nowNanos, () -> {
            acceptedNanos = now;
            establishing = establishing();
            establish();
        });
    }

    /** The write of the 101 has completed: the kernel has it, the peer may not. */
    public void upgradeWritten(long nowNanos) {
        whileOpen(nowNanos, () -> {
            output.upgradeWritten(now);
            establish();
        });
    }

    /** Bytes of any kind arrived. */
    public void bytesRead(long nowNanos) {
        whileOpen(nowNanos, () -> heartbeat.life(now));
    }

    /**
     * A whole text message arrived.
     *
     * @param message valid UTF-8; the machine keeps the array
     * @param beforeUpgrade whether its first byte arrived before the 101 was written: kept in order, but no proof
     */
    public void text(byte[] message, boolean beforeUpgrade, long nowNanos) {
        whileOpen(nowNanos, () -> {
            heartbeat.life(now);
            Incoming frame = ClientFrames.read(message);
            if (established()) {
                handle(frame, beforeUpgrade);
            } else {
                textBeforeReady(frame, message.length, beforeUpgrade);
            }
        });
    }

    /** A Ping arrived; answered with a Pong. */
    public void ping(byte[] payload, long nowNanos) {
        whileOpen(nowNanos, () -> {
            heartbeat.life(now);
            // Before READY nothing leaves but Ping and validation, and blocked output is not made longer.
            // RFC 6455, 5.5.3, allows to answer late, and only the last of several.
            owedPong = payload;
        });
    }

    /** A Pong arrived. */
    public void pong(byte[] payload, long nowNanos) {
        whileOpen(nowNanos, () -> {
            heartbeat.life(now);
            // For tier application it is a fact about the stack or a gateway (F15), not about the client's handler.
            if (setup.tier() == Tier.TRANSPORT
                    && establishing instanceof ProofSchedule proofs
                    && proofs.answers(payload)) {
                proven(Proof.TRANSPORT);
            }
        });
    }

    /** The peer broke RFC 6455 or a limit: binary 1003, UTF-8 1007, size 1009, anything else 1002. */
    public void violation(CloseCode code, String detail, long nowNanos) {
        whileOpen(nowNanos, () -> close(Trigger.VIOLATED, Who.PEER, code, detail));
    }

    /**
     * The peer's Close frame arrived.
     *
     * @param code 1005 when it had none
     */
    public void peerClose(int code, String reason, long nowNanos) {
        input(nowNanos, () -> {
            if (state == ConnectionState.CLOSED) {
                finish(false);
            } else if (!PeerCloseCodes.valid(code)) {
                end(Trigger.VIOLATED, Who.PEER, CloseCode.PROTOCOL_VIOLATION.code(), "bad_close_code", "code " + code);
                outbox.add(new Effect.SendClose(CloseCode.PROTOCOL_VIOLATION.code(), ""));
                finish(false);
            } else {
                end(Trigger.PEER_CLOSED, Who.PEER, code, "peer_closed", reason.isEmpty() ? null : reason);
                outbox.add(new Effect.SendClose(code, ""));
                finish(false);
            }
        });
    }

    /** The peer's end of stream, or a failed transport. */
    public void peerGone(@Nullable String failure, long nowNanos) {
        input(nowNanos, () -> {
            if (state != ConnectionState.CLOSED) {
                Who who = failure == null ? Who.PEER : Who.NETWORK;
                end(Trigger.PEER_VANISHED, who, PeerCloseCodes.NO_CLOSE_FRAME, "peer_vanished", failure);
            }
            finish(failure != null);
        });
    }

    /** Whether the transport takes more output has changed. */
    public void writable(boolean writable, long nowNanos) {
        whileOpen(nowNanos, () -> {
            if (writable && !output.writable()) {
                heartbeat.life(now);
            }
            output.writable(writable, now);
            outbox.blocked(!writable);
        });
    }

    /** Frames have left for the kernel: the oldest that were not written yet (the 101 is {@link #upgradeWritten}). */
    public void written(long nowNanos) {
        whileOpen(nowNanos, () -> {
            if (output.progressed(now)) {
                heartbeat.life(now);
            }
            // The first success of `timed` is enough; the 101 is written before it.
            if (state == ConnectionState.PROVING && strategy() == Strategy.TIMED && output.upgradeWritten()) {
                proven(Proof.NONE);
            }
        });
    }

    /** A part of what is being written has left for the kernel. */
    public void progressed(long nowNanos) {
        whileOpen(nowNanos, () -> {
            if (output.progressed(now)) {
                heartbeat.life(now);
            }
        });
    }

    // ---- inputs: answers and wishes

    /** The answer to {@link Effect.Claim}. */
    public void claimed(String threadId, Outcome<ThreadHead> outcome, long nowNanos) {
        whileOpen(
                nowNanos, () -> requests.claimed(threadId, outcome, state == ConnectionState.DRAINING, epochMicros()));
    }

    /** The committed head of a watched thread moved. */
    public void headMoved(String threadId, long nowNanos) {
        whileOpen(nowNanos, () -> readers.headMoved(threadId));
    }

    /** The answer to {@link Effect.Read}. */
    public void read(String threadId, Slice slice, long nowNanos) {
        whileOpen(nowNanos, () -> {
            Trigger end = readers.answer(threadId, slice, output.writable(), now);
            if (end == Trigger.OVERTAKEN) {
                close(end, Who.PEER, CloseCode.SLOW_CONSUMER, "thread " + threadId + " was trimmed at the cursor");
            } else if (end == Trigger.REPLACED) {
                close(end, Who.SERVER, CloseCode.LOG_REPLACED, "thread " + threadId);
            }
        });
    }

    /** The answer to {@link Effect.PostMessage}. */
    public void posted(String threadId, String messageId, Outcome<Posted> outcome, long nowNanos) {
        whileOpen(nowNanos, () -> requests.posted(threadId, messageId, outcome));
    }

    /** The answer to {@link Effect.CancelRun}: the run's id. */
    public void cancelled(String threadId, RunReference run, Outcome<String> outcome, long nowNanos) {
        whileOpen(nowNanos, () -> requests.cancelled(threadId, run, outcome));
    }

    /**
     * The server is about to go down: tell the client, let pending events leave, close 1012 by the deadline. Pending is what
     * is committed, what a request under way will answer, and what a run will say that this connection has seen begin; so
     * whoever ends the runs of this process decides when busy connections go, and idle ones go at once. The close
     * handshake may take {@link ConnectionLimits#closeTimeout} beyond the deadline.
     */
    public void drain(long reconnectAfterMillis, long deadlineNanos, long nowNanos) {
        whileOpen(
                nowNanos,
                () -> leave(CloseCode.SERVICE_RESTART, reconnectAfterMillis, "shutdown", deadlineNanos - bornNanos));
    }

    /** The credential has expired or was revoked: close 4500. */
    public void unauthorized(String detail, long nowNanos) {
        whileOpen(nowNanos, () -> close(Trigger.UNAUTHORIZED, Who.SERVER, CloseCode.UNAUTHORIZED, detail));
    }

    /** The time is now; does whatever is due. */
    public void tick(long nowNanos) {
        input(nowNanos, () -> {
            if (state == ConnectionState.CLOSED) {
                if (now >= closeByNanos) {
                    finish(true);
                }
            } else if (now >= output.stalledNanos()) {
                stalled();
            } else if (now >= leaveByNanos) {
                left("deadline");
            } else {
                if (state != ConnectionState.DRAINING && now >= limits.maxAge().toNanos()) {
                    leave(CloseCode.MAX_AGE, 0, "max_age", now + MAX_AGE_GRACE_NANOS);
                }
                establish();
                if (established()) {
                    readers.retryDue(now);
                    keepAlive();
                }
            }
        });
    }

    // ---- the life: towards READY

    private boolean established() {
        return state == ConnectionState.READY || state == ConnectionState.DRAINING;
    }

    private Strategy strategy() {
        return setup.readiness().strategy();
    }

    private Establishing establishing() {
        ReadinessPolicy policy = setup.readiness();
        return switch (policy.strategy()) {
            case PROOF ->
                new ProofSchedule(
                        now + policy.settle().toNanos(), policy.deadline().toNanos(), setup.nonces());
            case TIMED -> new TimedSchedule(policy.timed(), now);
            case BASIC -> new BasicCheck();
        };
    }

    /** Whatever has become possible or due on the way to READY. A proof that is here already comes before its deadline. */
    private void establish() {
        if (establishing == null || (state != ConnectionState.ACCEPTED && state != ConnectionState.PROVING)) {
            return;
        }
        switch (establishing.step(now, output.upgradeWritten())) {
            case WAIT -> {}
            case ASK -> {
                if (state == ConnectionState.ACCEPTED) {
                    turn(Trigger.CHALLENGED);
                } else {
                    challenge();
                }
            }
            case OPEN -> turn(Trigger.CHECKED);
            case FAIL -> unproven();
        }
    }

    private void enterProving() {
        challenge();
        if (provenWhileSettling) {
            proven(Proof.TRANSPORT);
        }
    }

    private void challenge() {
        boolean validate = strategy() == Strategy.TIMED
                || setup.tier() == Tier.APPLICATION
                || setup.readiness().validationMessage() == ValidationMessage.ALWAYS;
        if (establishing instanceof ProofSchedule proofs) {
            outbox.add(new Effect.SendPing(proofs.nonce()));
        }
        if (validate) {
            outbox.text(ServerFrames.handshakeValidation(validationId, attempts(), epochMicros()));
        }
    }

    private int attempts() {
        return establishing == null ? 0 : establishing.attempts();
    }

    private void textBeforeReady(Incoming frame, int bytes, boolean beforeUpgrade) {
        boolean ours = frame instanceof ClientFrame.HandshakeAck ack
                && ack.validationId().equals(validationId);
        if (strategy() == Strategy.PROOF && !beforeUpgrade) {
            if (ours && state == ConnectionState.PROVING) {
                proven(Proof.APPLICATION);
                return;
            }
            if (setup.tier() == Tier.TRANSPORT) {
                provenBy(frame, bytes);
                return;
            }
        }
        hold(frame, bytes);
        if (state != ConnectionState.CLOSED) {
            outbox.observe(new Effect.Observation.InboundBeforeReady(held.count(), held.bytes()));
        }
    }

    /** A data frame of tier transport proves by its arrival, and is handled right after READY. */
    private void provenBy(Incoming frame, int bytes) {
        if (state == ConnectionState.PROVING) {
            proven(Proof.TRANSPORT);
            request(frame);
        } else {
            provenWhileSettling = true;
            hold(frame, bytes);
        }
    }

    private void hold(Incoming frame, int bytes) {
        if (!held.hold(frame, bytes)) {
            close(
                    Trigger.FLOODED,
                    Who.PEER,
                    CloseCode.FLOODING,
                    "more than " + limits.heldFrames() + " frames or " + limits.heldBytes() + " bytes before READY");
        }
    }

    private void proven(Proof kind) {
        if (state == ConnectionState.PROVING) {
            proof = kind;
            turn(Trigger.PROVEN);
        } else if (established() && proof == Proof.ASSUMED && establishing != null) {
            outbox.observe(new Effect.Observation.LateProof(kind, now - readyNanos));
            establishing = null;
        }
    }

    private void unproven() {
        int attempts = attempts();
        boolean degrade = setup.readiness().unproven() == Unproven.DEGRADE;
        outbox.observe(new Effect.Observation.ProofMissed(attempts, degrade));
        if (degrade) {
            proof = strategy() == Strategy.PROOF ? Proof.ASSUMED : Proof.NONE;
            turn(Trigger.DEGRADED);
        } else {
            close(Trigger.UNPROVEN, Who.SERVER, CloseCode.HANDSHAKE_UNPROVEN, "after " + attempts + " attempts");
        }
    }

    private void enterReady() {
        readyNanos = now;
        heartbeat.start(now);
        long sinceAccepted = now - acceptedNanos;
        outbox.observe(new Effect.Observation.Ready(proof, attempts(), sinceAccepted));
        outbox.text(ServerFrames.connectionReady(
                setup.connectionId(),
                setup.userId(),
                proof.wireName(),
                TimeUnit.NANOSECONDS.toMicros(sinceAccepted),
                limits.heartbeat().toMillis(),
                limits.maxAge().toMillis(),
                epochMicros()));
        if (proof != Proof.ASSUMED) {
            establishing = null; // an idle connection keeps nothing that it does not need
        }
        ConnectionSetup.Subscription subscription = setup.subscription();
        if (subscription != null) {
            requests.claim(subscription.threadId(), subscription.position());
        }
        for (Incoming frame : held.release()) {
            request(frame);
        }
    }

    // ---- the life: READY

    private void handle(Incoming frame, boolean beforeUpgrade) {
        if (frame instanceof ClientFrame.HandshakeAck ack && ack.validationId().equals(validationId)) {
            proven(Proof.APPLICATION);
        } else if (setup.tier() == Tier.TRANSPORT && !beforeUpgrade) {
            proven(Proof.TRANSPORT);
        }
        request(frame);
    }

    private void request(Incoming frame) {
        requests.handle(frame, state == ConnectionState.DRAINING, epochMicros());
    }

    private void keepAlive() {
        if (!wantsInput()) {
            heartbeat.life(now); // nobody listens to the peer: its silence says nothing
        }
        if (heartbeat.gone(now)) {
            close(Trigger.SILENT, Who.NETWORK, CloseCode.PEER_GONE, "two heartbeat intervals without a sign of life");
        } else if (heartbeat.beatDue(now)) {
            heartbeat.beat(now);
            if (output.writable()) {
                outbox.add(new Effect.SendPing(ByteBuffer.allocate(Long.BYTES)
                        .putLong(setup.nonces().getAsLong())
                        .array()));
                outbox.text(ServerFrames.heartbeat(epochMicros()));
            }
        }
    }

    private void stalled() {
        close(
                Trigger.STALLED,
                Who.PEER,
                CloseCode.SLOW_CONSUMER,
                "no write progress for " + limits.slowConsumer().toMillis() + " ms");
        finish(true); // what is written now stands behind what does not move
    }

    // ---- the life: going

    private void leave(CloseCode code, long reconnectAfterMillis, String reason, long byNanos) {
        boolean again = state == ConnectionState.DRAINING;
        leaveByNanos = again ? Math.min(leaveByNanos, byNanos) : byNanos;
        if (again && leaveCode == code) {
            return;
        }
        leaveCode = code;
        if (!established()) {
            left("before READY");
            return;
        }
        if (!again) {
            turn(Trigger.TOLD_TO_GO);
        }
        outbox.text(ServerFrames.draining(reconnectAfterMillis, reason));
    }

    private void left(String why) {
        Trigger trigger = leaveCode == CloseCode.MAX_AGE ? Trigger.EXPIRED : Trigger.SHUT_DOWN;
        close(trigger, Who.SERVER, leaveCode, why);
    }

    // ---- the life: over

    /** Our own Close: goes out behind what was written, then waits for the peer's (F18). */
    private void close(Trigger trigger, Who who, CloseCode code, String detail) {
        end(trigger, who, code.code(), code.reason(), detail);
        outbox.add(new Effect.SendClose(code.code(), code.reason()));
        closeByNanos = now + limits.closeTimeout().toNanos();
    }

    private void end(Trigger trigger, Who who, int code, String reason, @Nullable String detail) {
        cause = new CloseCause(who, code, reason, state, now, detail);
        turn(trigger);
    }

    private void enterClosed() {
        readers.unwatchAll();
        held.release();
        owedPong = null;
    }

    private void finish(boolean abort) {
        over = true;
        closeByNanos = NEVER;
        outbox.add(new Effect.CloseTransport(abort));
        if (cause != null) {
            outbox.observe(new Effect.Observation.Closed(cause));
        }
    }

    // ---- the one way from state to state

    private void turn(Trigger trigger) {
        ConnectionState next = Transitions.next(state, trigger);
        if (next == null) {
            throw new IllegalStateException(trigger + " cannot happen in " + state);
        }
        state = next;
        switch (next) {
            case ACCEPTED -> throw new IllegalStateException("nothing leads back to " + next);
            case PROVING -> enterProving();
            case READY -> enterReady();
            case DRAINING -> {}
            case CLOSED -> enterClosed();
        }
    }

    // ---- around every input

    private void whileOpen(long nowNanos, Runnable body) {
        if (state != ConnectionState.CLOSED) {
            input(nowNanos, body);
        }
    }

    private void input(long nowNanos, Runnable body) {
        if (over) {
            return;
        }
        now = Math.max(now, nowNanos - bornNanos);
        try {
            body.run();
            proceed();
        } catch (RuntimeException e) {
            broken(e);
        }
    }

    private void proceed() {
        if (!established()) {
            return;
        }
        if (output.writable()) {
            if (owedPong != null) {
                outbox.add(new Effect.SendPong(owedPong));
                owedPong = null;
            }
            readers.pump();
            if (state == ConnectionState.DRAINING && requests.pending() == 0 && readers.settled()) {
                left("nothing pending");
            }
        }
        if (outbox.takeDataSent()) {
            heartbeat.sent(now);
        }
    }

    /** A defect of ours or of the adapter, which must not take others with it. */
    private void broken(RuntimeException defect) {
        if (state != ConnectionState.CLOSED) {
            StackTraceElement[] trace = defect.getStackTrace();
            String where = trace.length == 0 ? "" : " at " + trace[0];
            close(Trigger.BROKEN, Who.SERVER, CloseCode.INTERNAL_ERROR, defect + where);
        } else if (!over) {
            finish(true);
        }
    }

    private long epochMicros() {
        return setup.epochMicros() + TimeUnit.NANOSECONDS.toMicros(now);
    }

    // ---- outputs

    /** The next effect, or null when there is nothing more to do. */
    public @Nullable Effect poll() {
        return outbox.poll();
    }

    /** When {@link #tick} is due; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        long next = over
                ? NEVER
                : switch (state) {
                    case ACCEPTED, PROVING ->
                        earliest(
                                establishing == null ? NEVER : establishing.nextNanos(),
                                limits.maxAge().toNanos(),
                                output.stalledNanos());
                    case READY ->
                        earliest(
                                heartbeat.nextNanos(),
                                limits.maxAge().toNanos(),
                                output.stalledNanos(),
                                readers.nextRetryNanos());
                    case DRAINING ->
                        earliest(heartbeat.nextNanos(), leaveByNanos, output.stalledNanos(), readers.nextRetryNanos());
                    case CLOSED -> closeByNanos;
                };
        return next == NEVER ? NEVER : bornNanos + next;
    }

    /** Whether the adapter may read on from the socket; false while too much of the client's waits for an answer. */
    public boolean wantsInput() {
        return !established() || requests.pending() + outbox.textsWhileBlocked() < limits.pendingRequests();
    }

    public ConnectionState state() {
        return state;
    }

    /** The one cause, once there is one. */
    public Optional<CloseCause> closeCause() {
        return Optional.ofNullable(cause);
    }
}
