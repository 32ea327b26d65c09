package io.handfast.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.handfast.connection.Effect.Observation;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.log.Slice;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection in a world where anything may happen at any time, all of it decided by a seed: first faults, with the
 * invariants checked after every input, then healing, after which every subscription must have everything.
 */
final class RandomWorld {
    private static final int PENDING_MAX = 6;
    private static final int HELD_FRAMES_MAX = 8;
    private static final int HELD_BYTES_MAX = 600;
    private static final String[] THREADS = {"a", "b", "c"};
    private static final long EARLIEST_CLOCK = -1_000_000_000_000L;

    private final Random random;
    private final Map<String, RandomLog> logs = new HashMap<>();
    private final List<Effect> unanswered = new ArrayList<>();
    private final Map<String, Long> expectedSeq = new HashMap<>();
    private final Set<String> watched = new HashSet<>();
    private final List<byte[]> nonces = new ArrayList<>();
    private final Connection connection;
    private long now;
    private String validationId = "none";
    private boolean accepted;
    private boolean upgradeWritten;
    private boolean writable = true;
    private boolean readySent;
    private boolean closeSent;
    private boolean transportClosed;
    private boolean closedObserved;
    private @Nullable CloseCause cause;

    RandomWorld(long seed) {
        random = new Random(seed);
        now = EARLIEST_CLOCK + random.nextInt();
        for (String threadId : THREADS) {
            logs.put(threadId, new RandomLog(threadId, random));
        }
        ReadinessPolicy policy = new ReadinessPolicy(
                pick(Strategy.values()),
                pick(Unproven.values()),
                pick(ValidationMessage.values()),
                Duration.ofMillis(random.nextBoolean() ? 0 : 20),
                Duration.ofSeconds(5),
                pick(Profile.values()).readiness().timed());
        ConnectionLimits limits = new ConnectionLimits(
                Duration.ofSeconds(2),
                Duration.ofSeconds(random.nextBoolean() ? 20 : 100),
                HELD_FRAMES_MAX,
                HELD_BYTES_MAX,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                1000,
                PENDING_MAX,
                2);
        connection = new Connection(
                new ConnectionSetup(
                        "c-1",
                        "alice",
                        pick(Tier.values()),
                        random.nextBoolean() ? new ConnectionSetup.Subscription("a", new Position.Oldest()) : null,
                        policy,
                        limits,
                        random::nextLong,
                        ConnectionFixture.EPOCH_MICROS),
                now);
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    /** Whether the life has ended and nothing more can happen. */
    boolean over() {
        return closedObserved;
    }

    // ---- faults

    /** One random input. */
    void step() {
        int dice = random.nextInt(1000);
        if (!upgradeWritten && random.nextInt(4) > 0) {
            upgrade();
        } else if (dice < 150) {
            passTime();
        } else if (dice < 350) {
            sendFrame();
        } else if (dice < 600) {
            answerOne();
        } else if (dice < 800) {
            changeLog(log(pick(THREADS)));
        } else if (dice < 850) {
            upgrade();
        } else if (dice < 880) {
            sendPong();
        } else if (dice < 900) {
            connection.ping(new byte[] {1}, now);
        } else if (dice < 950) {
            writable = !writable || random.nextInt(3) > 0;
            connection.writable(writable, now);
        } else if (dice < 996) {
            connection.written(now);
        } else {
            misfortune();
        }
        drain();
    }

    private void sendPong() {
        connection.bytesRead(now);
        boolean wrong = nonces.isEmpty() || random.nextInt(4) == 0;
        connection.pong(wrong ? new byte[8] : nonces.get(random.nextInt(nonces.size())), now);
    }

    private void passTime() {
        int kind = random.nextInt(100);
        long due = connection.nextDeadlineNanos();
        if (kind < 20 && due != Long.MAX_VALUE) {
            now = Math.max(now, due);
        } else if (kind < 99) {
            now += random.nextInt(5_000_000);
        } else {
            now += random.nextInt(2_000_000_000);
        }
        if (random.nextInt(5) > 0) {
            tick();
        }
    }

    private void tick() {
        connection.tick(now);
        check(connection.nextDeadlineNanos() > now, "a deadline that does not lie ahead after a tick");
    }

    private void upgrade() {
        if (!accepted) {
            accepted = true;
            connection.accepted(now);
        } else if (!upgradeWritten) {
            upgradeWritten = true;
            connection.upgradeWritten(now);
        }
    }

    private void sendFrame() {
        if (!connection.wantsInput()) {
            return;
        }
        String thread = pick(THREADS);
        String frame = switch (random.nextInt(10)) {
            case 0 -> "{\"type\":\"handshake_ack\",\"validation_id\":\"" + validationId + "\"}";
            case 1, 2 ->
                "{\"type\":\"subscribe\",\"thread_id\":\"" + thread + "\",\"after_seq\":" + random.nextInt(6) + "}";
            case 3 -> "{\"type\":\"subscribe\",\"thread_id\":\"" + thread + "\"}";
            case 4 -> "{\"type\":\"unsubscribe\",\"thread_id\":\"" + thread + "\"}";
            case 5 -> "{\"type\":\"ack\",\"thread_id\":\"" + thread + "\",\"seq\":" + random.nextInt(9) + "}";
            case 6 ->
                "{\"type\":\"user_message\",\"thread_id\":\"" + thread + "\",\"message_id\":\"m\",\"text\":\"x\"}";
            case 7 -> "{\"type\":\"cancel_run\",\"thread_id\":\"" + thread + "\",\"run_id\":\"r\"}";
            case 8 -> "{\"type\":\"heartbeat\"}";
            default -> "x".repeat(random.nextInt(200));
        };
        connection.bytesRead(now);
        connection.text(frame.getBytes(UTF_8), !upgradeWritten || random.nextInt(10) == 0, now);
    }

    private void answerOne() {
        if (!unanswered.isEmpty()) {
            answer(unanswered.remove(random.nextInt(unanswered.size())), random.nextInt(10) == 0);
        }
    }

    private void answer(Effect question, boolean badly) {
        ErrorCode refusal = ErrorCode.UNAVAILABLE;
        if (question instanceof Effect.Claim claim) {
            connection.claimed(
                    claim.threadId(),
                    badly
                            ? Outcome.refused(refusal, "no")
                            : Outcome.done(log(claim.threadId()).head()),
                    now);
        } else if (question instanceof Effect.Read read) {
            connection.read(
                    read.threadId(),
                    badly ? new Slice.Unavailable("no") : log(read.threadId()).read(read.after()),
                    now);
        } else if (question instanceof Effect.PostMessage post) {
            connection.posted(
                    post.message().threadId(),
                    post.message().messageId(),
                    badly ? Outcome.refused(refusal, "no") : Outcome.done(new Posted(1, "r", false)),
                    now);
        } else if (question instanceof Effect.CancelRun cancel) {
            connection.cancelled(
                    cancel.threadId(), cancel.run(), badly ? Outcome.refused(refusal, "no") : Outcome.done("r"), now);
        }
    }

    private RandomLog log(String threadId) {
        RandomLog log = logs.get(threadId);
        if (log == null) {
            throw new AssertionError("no thread " + threadId);
        }
        return log;
    }

    private void changeLog(RandomLog log) {
        int dice = random.nextInt(100);
        if (dice == 0 && random.nextInt(20) == 0) {
            log.replace();
        } else if (dice == 2 && random.nextInt(20) == 0) {
            log.delete();
        } else if (dice == 1) {
            log.trim();
        } else {
            log.append();
        }
        moved(log);
    }

    private void moved(RandomLog log) {
        if (watched.contains(log.threadId)) {
            connection.headMoved(log.threadId, now);
        }
    }

    private void misfortune() {
        switch (random.nextInt(12)) {
            case 0 -> connection.peerClose(pick(new Integer[] {1000, 1005, 1006, 4000}), "", now);
            case 1 -> connection.peerGone(random.nextBoolean() ? null : "reset", now);
            case 2 -> connection.violation(CloseCode.MESSAGE_TOO_BIG, "big", now);
            case 3 -> connection.unauthorized("expired", now);
            case 4, 5 -> connection.drain(100, now + random.nextInt(2_000_000_000), now);
            default -> connection.headMoved("unknown", now);
        }
    }

    // ---- healing

    /** From now on everybody behaves; the connection must end, or its reader have everything. */
    void heal() {
        for (RandomLog log : logs.values()) {
            while (log.runOpen()) {
                log.append();
            }
        }
        writable = true;
        connection.writable(true, now);
        drain();
        logs.values().forEach(this::moved);
        drain();
        long until = now + Duration.ofSeconds(12).toNanos();
        while (now < until && !over()) {
            while (!unanswered.isEmpty()) {
                answer(unanswered.remove(0), false);
                drain();
            }
            connection.bytesRead(now);
            drain();
            now = Math.max(now, Math.min(connection.nextDeadlineNanos(), now + 500_000_000));
            tick();
            drain();
        }
        if (closeSent || !readySent) {
            return;
        }
        for (String threadId : watched) {
            check(
                    Objects.equals(expectedSeq.get(threadId), log(threadId).headSeq() + 1),
                    "thread %s healed, but its reader waits for %s of %s",
                    threadId,
                    expectedSeq.get(threadId),
                    log(threadId).headSeq());
        }
    }

    /** The transport fails: the last thing that can happen to anybody. */
    void end() {
        connection.peerGone("end", now);
        drain();
        check(closedObserved && cause != null, "no close cause at the end");
        check(connection.nextDeadlineNanos() == Long.MAX_VALUE, "a deadline behind the end");
    }

    // ---- invariants

    private void drain() {
        for (Effect effect = connection.poll(); effect != null; effect = connection.poll()) {
            checkOrder(effect);
            take(effect);
        }
        CloseCause present = connection.closeCause().orElse(null);
        check(cause == null || cause.equals(present), "another close cause: %s after %s", present, cause);
        cause = present;
        check(cause == null || cause.code() != 1011, "broken: %s", cause);
        check(
                (cause != null) == (connection.state() == ConnectionState.CLOSED),
                "closed without a cause, or the reverse");
        int requests = 0;
        for (Effect question : unanswered) {
            requests += question instanceof Effect.Read ? 0 : 1;
        }
        check(requests <= PENDING_MAX + HELD_FRAMES_MAX + 1, "requests without an answer: %s", requests);
    }

    private void checkOrder(Effect effect) {
        check(!closedObserved, "after the end: %s", effect);
        boolean observed = effect instanceof Effect.Observed;
        if (transportClosed) {
            check(observed, "after the transport was closed: %s", effect);
        } else if (closeSent) {
            check(observed || effect instanceof Effect.CloseTransport, "after the Close: %s", effect);
        } else if (!readySent) {
            check(
                    observed
                            || effect instanceof Effect.SendPing
                            || effect instanceof Effect.SendClose
                            || effect instanceof Effect.CloseTransport
                            || (effect instanceof Effect.SendText text
                                    && (isFrame(text, "handshake_validation") || isFrame(text, "connection_ready"))),
                    "before READY: %s",
                    effect);
        }
    }

    private static boolean isFrame(Effect.SendText text, String type) {
        byte[] start = ("{\"type\":\"" + type + "\"").getBytes(UTF_8);
        return text.json().length >= start.length
                && Arrays.equals(text.json(), 0, start.length, start, 0, start.length);
    }

    private void take(Effect effect) {
        if (effect instanceof Effect.SendText text) {
            takeFrame(text);
        } else if (effect instanceof Effect.SendEntries sent) {
            takeEntries(sent);
        } else if (effect instanceof Effect.SendPing ping) {
            nonces.add(ping.payload());
        } else if (effect instanceof Effect.SendClose) {
            closeSent = true;
        } else if (effect instanceof Effect.CloseTransport) {
            transportClosed = true;
        } else if (effect instanceof Effect.WatchThread watch) {
            check(watched.add(watch.threadId()), "watched twice: %s", watch);
        } else if (effect instanceof Effect.UnwatchThread unwatch) {
            check(watched.remove(unwatch.threadId()), "not watched: %s", unwatch);
        } else if (effect instanceof Effect.Observed observed) {
            takeObservation(observed.observation());
        } else if (!(effect instanceof Effect.SendPong)) {
            checkQuestion(effect);
            unanswered.add(effect);
        }
    }

    private void checkQuestion(Effect effect) {
        if (effect instanceof Effect.Read read) {
            check(watched.contains(read.threadId()), "read without a watch: %s", read);
            long reads = 0;
            for (Effect other : unanswered) {
                if (other instanceof Effect.Read before) {
                    reads++;
                    check(!before.threadId().equals(read.threadId()), "two reads of a thread at once: %s", read);
                }
            }
            check(reads < 4, "too many reads at once");
        } else if (effect instanceof Effect.Claim claim) {
            check(
                    unanswered.stream()
                            .noneMatch(other -> other instanceof Effect.Claim before
                                    && before.threadId().equals(claim.threadId())),
                    "two claims of a thread at once: %s",
                    claim);
        }
    }

    private void takeFrame(Effect.SendText text) {
        if (isFrame(text, "connection_ready")) {
            readySent = true;
        } else if (isFrame(text, "handshake_validation") || isFrame(text, "subscribed")) {
            Map<?, ?> frame = parse(text.json());
            if (frame.get("validation_id") instanceof String id) {
                validationId = id;
            } else {
                expectedSeq.put(String.valueOf(frame.get("thread_id")), (Long) frame.get("from_seq"));
            }
        }
    }

    private static Map<?, ?> parse(byte[] json) {
        try {
            return (Map<?, ?>) requireNonNull(Json.read(json));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError(new String(json, UTF_8), e);
        }
    }

    private void takeEntries(Effect.SendEntries sent) {
        check(writable, "events into blocked output");
        check(watched.contains(sent.threadId()), "events of a thread that is not subscribed");
        for (Entry entry : sent.entries()) {
            Long expected = expectedSeq.get(sent.threadId());
            check(
                    expected != null && expected == entry.seq(),
                    "seq %s of thread %s instead of %s",
                    entry.seq(),
                    sent.threadId(),
                    expected);
            expectedSeq.put(sent.threadId(), entry.seq() + 1);
        }
    }

    private void takeObservation(Observation observation) {
        if (observation instanceof Observation.Closed) {
            closedObserved = true;
        } else if (observation instanceof Observation.InboundBeforeReady held) {
            check(held.heldFrames() <= HELD_FRAMES_MAX, "held frames: %s", held);
            check(held.heldBytes() <= HELD_BYTES_MAX, "held bytes: %s", held);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one test
    private void check(boolean holds, String what, @Nullable Object... values) {
        if (!holds) {
            throw new AssertionError(what.formatted(values) + ", in state " + connection.state());
        }
    }
}
