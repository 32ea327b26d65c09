package io.handfast.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import io.handfast.run.Conversations.RunReference;
import io.handfast.run.Conversations.UserMessage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A connection in virtual time, and a recorder of what it asks for. Verbs deliver an input, nouns take the next effect and
 * assert what it is; a test ends with {@link #nothingRemains}. Every frame passes the codec, both ways, and the machine's
 * duties towards its adapter are checked after every input.
 */
final class ConnectionFixture {
    static final long EPOCH_MICROS = 1_763_840_000_000_000L;

    /** Clocks begin anywhere; {@code System.nanoTime} may be negative. */
    private static final long BORN = -7_000_000_123L;

    final Connection connection;
    private final ArrayDeque<Recorded> effects = new ArrayDeque<>();
    private final ArrayDeque<Effect.Observation> observations = new ArrayDeque<>();
    private final List<byte[]> pings = new ArrayList<>();
    private String validationId = "";
    private long now = BORN;
    private long frameNanos;

    private ConnectionFixture(ConnectionSetup setup) {
        connection = new Connection(setup, BORN);
    }

    static Builder connection() {
        return new Builder();
    }

    // ---- verbs: time

    /** Nothing happens until just before the instant; then the time is the instant. Milliseconds since birth. */
    ConnectionFixture silentUntil(double millis) {
        long instant = BORN + Math.round(millis * 1e6);
        passTo(instant - 1);
        assertThat(effects).as("effects before " + millis + " ms").isEmpty();
        passTo(instant);
        return this;
    }

    /** The time goes on; deadlines are kept as they come. */
    ConnectionFixture pass(Duration time) {
        passTo(now + time.toNanos());
        return this;
    }

    private void passTo(long instant) {
        for (long due = connection.nextDeadlineNanos(); due <= instant; due = connection.nextDeadlineNanos()) {
            now = Math.max(now, due);
            connection.tick(now);
            drain();
            assertThat(connection.nextDeadlineNanos())
                    .as("next deadline after a tick")
                    .isGreaterThan(now);
        }
        now = Math.max(now, instant);
    }

    /** The time goes on and nobody ticks: an adapter that is late. */
    ConnectionFixture passUnnoticed(Duration time) {
        now += time.toNanos();
        return this;
    }

    Duration untilDeadline() {
        return Duration.ofNanos(connection.nextDeadlineNanos() - now);
    }

    /** Since birth. */
    double millis() {
        return (now - BORN) / 1e6;
    }

    // ---- verbs: the transport

    ConnectionFixture accept() {
        handOver101();
        return write101();
    }

    ConnectionFixture handOver101() {
        connection.accepted(now);
        return drain();
    }

    ConnectionFixture write101() {
        connection.upgradeWritten(now);
        return drain();
    }

    ConnectionFixture send(String json) {
        return sendBytes(json.getBytes(UTF_8), false);
    }

    ConnectionFixture sendEarly(String json) {
        return sendBytes(json.getBytes(UTF_8), true);
    }

    private ConnectionFixture sendBytes(byte[] json, boolean beforeUpgrade) {
        connection.bytesRead(now);
        connection.text(json, beforeUpgrade, now);
        return drain();
    }

    ConnectionFixture sendHandshakeAck() {
        return send("{\"type\":\"handshake_ack\",\"validation_id\":\"" + validationId + "\"}");
    }

    ConnectionFixture sendSubscribe(String threadId) {
        return send("{\"type\":\"subscribe\",\"thread_id\":\"" + threadId + "\"}");
    }

    ConnectionFixture sendSubscribe(String threadId, long afterSeq) {
        return send("{\"type\":\"subscribe\",\"thread_id\":\"" + threadId + "\",\"after_seq\":" + afterSeq + "}");
    }

    ConnectionFixture sendUnsubscribe(String threadId) {
        return send("{\"type\":\"unsubscribe\",\"thread_id\":\"" + threadId + "\"}");
    }

    ConnectionFixture sendMessage(String threadId, String messageId) {
        return send("{\"type\":\"user_message\",\"thread_id\":\"" + threadId + "\",\"message_id\":\"" + messageId
                + "\",\"text\":\"hello\"}");
    }

    ConnectionFixture sendAck(String threadId, long seq) {
        return send("{\"type\":\"ack\",\"thread_id\":\"" + threadId + "\",\"seq\":" + seq + "}");
    }

    ConnectionFixture sendPing(String payload) {
        connection.bytesRead(now);
        connection.ping(payload.getBytes(UTF_8), now);
        return drain();
    }

    /** Answers the Ping that came as the so-manieth, from 1. */
    ConnectionFixture answerPing(int number) {
        return sendPong(pings.get(number - 1));
    }

    ConnectionFixture answerLastPing() {
        return answerPing(pings.size());
    }

    ConnectionFixture sendPong(byte[] payload) {
        connection.bytesRead(now);
        connection.pong(payload, now);
        return drain();
    }

    ConnectionFixture readBytes() {
        connection.bytesRead(now);
        return drain();
    }

    ConnectionFixture violate(CloseCode code) {
        connection.violation(code, "test", now);
        return drain();
    }

    ConnectionFixture sendClose(int code) {
        connection.peerClose(code, "", now);
        return drain();
    }

    ConnectionFixture vanish(@Nullable String failure) {
        connection.peerGone(failure, now);
        return drain();
    }

    ConnectionFixture block() {
        connection.writable(false, now);
        return drain();
    }

    ConnectionFixture unblock() {
        connection.writable(true, now);
        return drain();
    }

    ConnectionFixture write() {
        connection.written(now);
        return drain();
    }

    // ---- verbs: the log and the server

    ConnectionFixture grantClaim(String threadId, long oldestSeq, long headSeq) {
        return grantClaim(threadId, "e1", oldestSeq, headSeq);
    }

    ConnectionFixture grantClaim(String threadId, String epoch, long oldestSeq, long headSeq) {
        connection.claimed(threadId, Outcome.done(new ThreadHead(threadId, "alice", epoch, oldestSeq, headSeq)), now);
        return drain();
    }

    ConnectionFixture refuseClaim(String threadId, ErrorCode code) {
        connection.claimed(threadId, Outcome.refused(code, "no"), now);
        return drain();
    }

    ConnectionFixture moveHead(String threadId) {
        connection.headMoved(threadId, now);
        return drain();
    }

    ConnectionFixture answerRead(String threadId, Slice slice) {
        connection.read(threadId, slice, now);
        return drain();
    }

    ConnectionFixture answerRead(String threadId, long firstSeq, long lastSeq) {
        return answerRead(threadId, new Slice.Events(entries(threadId, firstSeq, lastSeq), false));
    }

    ConnectionFixture answerReadWithMore(String threadId, long firstSeq, long lastSeq) {
        return answerRead(threadId, new Slice.Events(entries(threadId, firstSeq, lastSeq), true));
    }

    ConnectionFixture answerReadEmpty(String threadId) {
        return answerRead(threadId, new Slice.Events(List.of(), false));
    }

    ConnectionFixture answerPost(String threadId, String messageId, Outcome<Posted> outcome) {
        connection.posted(threadId, messageId, outcome, now);
        return drain();
    }

    ConnectionFixture acceptMessage(String threadId, String messageId) {
        return answerPost(threadId, messageId, Outcome.done(new Posted(1, "r-1", false)));
    }

    ConnectionFixture refuseMessage(String threadId, String messageId, ErrorCode code) {
        return answerPost(threadId, messageId, Outcome.refused(code, "no"));
    }

    ConnectionFixture answerCancel(String threadId, RunReference run, Outcome<String> outcome) {
        connection.cancelled(threadId, run, outcome, now);
        return drain();
    }

    ConnectionFixture drain(Duration within) {
        connection.drain(700, now + within.toNanos(), now);
        return drain();
    }

    ConnectionFixture revoke() {
        connection.unauthorized("expired", now);
        return drain();
    }

    private ConnectionFixture drain() {
        for (Effect effect = connection.poll(); effect != null; effect = connection.poll()) {
            if (effect instanceof Effect.Observed observed) {
                observations.add(observed.observation());
            } else {
                effects.add(new Recorded(effect, now));
            }
        }
        return this;
    }

    // ---- whole passages that are not what a test is about

    /** From birth to READY by the proof of the tier. */
    ConnectionFixture ready() {
        accept();
        challenge(1);
        if (!validationId.isEmpty()) {
            sendHandshakeAck();
        } else {
            answerLastPing();
        }
        frame("connection_ready");
        return this;
    }

    /** A subscription that has read everything. */
    ConnectionFixture subscribed(String threadId, long headSeq) {
        sendSubscribe(threadId, headSeq);
        claim(threadId);
        grantClaim(threadId, 1, headSeq);
        frame("subscribed");
        watch(threadId);
        readAfter(threadId, headSeq);
        return answerReadEmpty(threadId);
    }

    /** READY, with the subscription of the URL, which has read everything. */
    ConnectionFixture readyWith(String threadId, long headSeq) {
        ready();
        claim(threadId);
        grantClaim(threadId, 1, headSeq);
        frame("subscribed");
        watch(threadId);
        readAfter(threadId, headSeq);
        return answerReadEmpty(threadId);
    }

    /** Takes the beats that are due; the test is about something else. */
    ConnectionFixture skipBeats() {
        while (effects.peek() != null && effects.peek().effect() instanceof Effect.SendPing) {
            beat();
        }
        return this;
    }

    // ---- nouns: the next effect

    <E extends Effect> E next(Class<E> type) {
        Recorded recorded = effects.poll();
        Effect effect = recorded == null ? null : recorded.effect();
        frameNanos = recorded == null ? now : recorded.atNanos();
        assertThat(effect).as("next effect at " + millis() + " ms").isInstanceOf(type);
        return type.cast(requireNonNull(effect));
    }

    byte[] ping() {
        byte[] nonce = next(Effect.SendPing.class).payload();
        assertThat(nonce).hasSize(8);
        assertThat(pings).doesNotContain(nonce);
        pings.add(nonce);
        return nonce;
    }

    /** A Ping, and the validation message behind it where there is one. */
    ConnectionFixture challenge(int attempt) {
        ping();
        return effects.isEmpty() ? this : validation(attempt);
    }

    ConnectionFixture pong(String payload) {
        assertThat(next(Effect.SendPong.class).payload()).asString(UTF_8).isEqualTo(payload);
        return this;
    }

    ConnectionFixture validation(int attempt) {
        Map<String, @Nullable Object> frame = frame("handshake_validation");
        assertThat(frame.get("attempt")).isEqualTo((long) attempt);
        String id = String.valueOf(frame.get("validation_id"));
        assertThat(validationId).isIn("", id);
        validationId = id;
        return this;
    }

    Map<String, @Nullable Object> frame(String type) {
        Map<String, @Nullable Object> frame = parse(next(Effect.SendText.class).json());
        assertThat(frame).containsEntry("type", type);
        if (frame.get("timestamp") instanceof BigDecimal timestamp) {
            long micros = EPOCH_MICROS + (frameNanos - BORN) / 1000;
            assertThat(timestamp).isEqualTo(BigDecimal.valueOf(micros, 6));
        }
        return frame;
    }

    @SuppressWarnings("unchecked") // frames are objects
    private static Map<String, @Nullable Object> parse(byte[] json) {
        try {
            return (Map<String, @Nullable Object>) requireNonNull(Json.read(json));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError(new String(json, UTF_8), e);
        }
    }

    ConnectionFixture error(ErrorCode code, String request) {
        assertThat(frame("error"))
                .containsEntry("code", code.wireName())
                .containsEntry("retryable", code.retryable())
                .containsEntry("request", request);
        return this;
    }

    ConnectionFixture claim(String threadId) {
        assertThat(next(Effect.Claim.class).threadId()).isEqualTo(threadId);
        return this;
    }

    ConnectionFixture claim(String threadId, Position position) {
        assertThat(next(Effect.Claim.class)).isEqualTo(new Effect.Claim(threadId, position));
        return this;
    }

    ConnectionFixture watch(String threadId) {
        assertThat(next(Effect.WatchThread.class).threadId()).isEqualTo(threadId);
        return this;
    }

    ConnectionFixture unwatch(String threadId) {
        assertThat(next(Effect.UnwatchThread.class).threadId()).isEqualTo(threadId);
        return this;
    }

    ConnectionFixture readAfter(String threadId, long seq) {
        return readAfter(threadId, "e1", seq);
    }

    ConnectionFixture readAfter(String threadId, String epoch, long seq) {
        Effect.Read read = next(Effect.Read.class);
        assertThat(read.threadId()).isEqualTo(threadId);
        assertThat(read.after()).isEqualTo(new Cursor(epoch, seq));
        return this;
    }

    ConnectionFixture events(String threadId, long firstSeq, long lastSeq) {
        Effect.SendEntries sent = next(Effect.SendEntries.class);
        assertThat(sent.threadId()).isEqualTo(threadId);
        List<Long> seqs = new ArrayList<>();
        for (long seq = firstSeq; seq <= lastSeq; seq++) {
            seqs.add(seq);
        }
        assertThat(sent.entries()).extracting(Entry::seq).containsExactlyElementsOf(seqs);
        return this;
    }

    UserMessage post() {
        return next(Effect.PostMessage.class).message();
    }

    ConnectionFixture beat() {
        ping();
        frame("heartbeat");
        return this;
    }

    ConnectionFixture close(CloseCode code) {
        assertThat(next(Effect.SendClose.class)).isEqualTo(new Effect.SendClose(code.code(), code.reason()));
        return this;
    }

    ConnectionFixture transportClosed(boolean abort) {
        assertThat(next(Effect.CloseTransport.class).abort()).isEqualTo(abort);
        assertThat(observations.peekLast()).isInstanceOf(Effect.Observation.Closed.class);
        assertThat(connection.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        return this;
    }

    CloseCause cause() {
        return connection.closeCause().orElseThrow();
    }

    /** The next observation of this kind; those before it are passed over. */
    <O extends Effect.Observation> O observed(Class<O> type) {
        while (!observations.isEmpty()) {
            Effect.Observation observation = observations.remove();
            if (type.isInstance(observation)) {
                return type.cast(observation);
            }
        }
        throw new AssertionError("no " + type.getSimpleName() + " was observed");
    }

    boolean hasObserved(Class<? extends Effect.Observation> type) {
        return observations.stream().anyMatch(type::isInstance);
    }

    ConnectionFixture inState(ConnectionState state) {
        assertThat(connection.state()).isEqualTo(state);
        return this;
    }

    /** Nothing unexpected remains. */
    ConnectionFixture nothingRemains() {
        assertThat(effects).as("effects that no test step took").isEmpty();
        return this;
    }

    // ---- material

    static List<Entry> entries(String threadId, long firstSeq, long lastSeq) {
        List<Entry> entries = new ArrayList<>();
        for (long seq = firstSeq; seq <= lastSeq; seq++) {
            entries.add(entry(threadId, seq, EventType.CUSTOM, null));
        }
        return entries;
    }

    static Entry entry(String threadId, long seq, EventType type, @Nullable String runId) {
        byte[] payload = Json.write(new LinkedHashMap<>());
        return new Entry(seq, type, runId, EventEncoder.encode(type, threadId, seq, EPOCH_MICROS, runId, payload));
    }

    private record Recorded(Effect effect, long atNanos) {}

    /** What a connection is told at its birth. */
    static final class Builder {
        private Tier tier = Tier.TRANSPORT;
        private ConnectionSetup.@Nullable Subscription subscription;
        private ReadinessPolicy readiness = Profile.PRODUCTION.readiness();
        private ConnectionLimits limits = ConnectionLimits.ofDefaults();

        Builder application() {
            tier = Tier.APPLICATION;
            return this;
        }

        Builder strategy(Strategy strategy) {
            readiness = readiness.withStrategy(strategy);
            return this;
        }

        Builder profile(Profile profile) {
            readiness = profile.readiness().withStrategy(readiness.strategy());
            return this;
        }

        Builder closeUnproven() {
            return unproven(Unproven.CLOSE);
        }

        Builder unproven(Unproven unproven) {
            readiness = readiness.withUnproven(unproven);
            return this;
        }

        Builder settle(Duration settle) {
            readiness = new ReadinessPolicy(
                    readiness.strategy(),
                    readiness.unproven(),
                    readiness.validationMessage(),
                    settle,
                    readiness.deadline(),
                    readiness.timed());
            return this;
        }

        Builder validateAlways() {
            readiness = new ReadinessPolicy(
                    readiness.strategy(),
                    readiness.unproven(),
                    ValidationMessage.ALWAYS,
                    readiness.settle(),
                    readiness.deadline(),
                    readiness.timed());
            return this;
        }

        Builder subscription(String threadId, Position position) {
            subscription = new ConnectionSetup.Subscription(threadId, position);
            return this;
        }

        Builder limits(ConnectionLimits other) {
            limits = other;
            return this;
        }

        ConnectionFixture born() {
            return new ConnectionFixture(new ConnectionSetup(
                    "c-1", "alice", tier, subscription, readiness, limits, new Random(7)::nextLong, EPOCH_MICROS));
        }
    }
}
