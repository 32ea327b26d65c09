package io.handfast.sim.world;

import io.handfast.connection.Tier;
import io.handfast.log.MessageRecord;
import io.handfast.protocol.EventType;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.sim.edge.wire.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may leave a server on one connection, judged at the socket: nothing but Ping and validation before READY, READY only by a
 * proof, events without hole, repeat or disorder and as they are in the store, gaps told, nothing acknowledged that is not in the
 * store, nothing of anybody else, nothing behind the Close, and no Close of a drain before what is pending.
 */
final class WireLaw {
    private static final Set<String> EVENTS = events();

    private final Ground ground;
    private final Laws laws;
    private final String name;
    private final String userId;
    private final Tier tier;
    private final long begunNanos;
    private final Set<ByteBuffer> nonces = new HashSet<>();
    private final Map<String, Reading> readings = new HashMap<>();
    private String validationId = "";
    private boolean nonceAnswered;
    private boolean dataCame;
    private boolean validated;
    private boolean ready;
    private boolean closeCame;
    private boolean closed;
    private long leaveByNanos = Long.MAX_VALUE;

    /** What the connection reads of one thread. */
    private static final class Reading {
        private final ArrayDeque<Asked> asked = new ArrayDeque<>();
        private @Nullable Asked gapOwed;
        private String epoch = "";
        private boolean subscribed;
        private long nextSeq;
        private long toldSeq;
    }

    /** Where a subscription asked to begin; {@code afterSeq} is -1 for the oldest and -2 for the latest. */
    record Asked(long afterSeq, @Nullable String epoch) {
        static final long OLDEST = -1;
        static final long LATEST = -2;
    }

    WireLaw(Ground ground, String name, String userId, Tier tier) {
        this.ground = ground;
        this.laws = ground.laws();
        this.name = name;
        this.userId = userId;
        this.tier = tier;
        this.begunNanos = ground.agenda().getAsLong();
    }

    private static Set<String> events() {
        Set<String> names = new HashSet<>();
        for (EventType type : EventType.values()) {
            names.add(type.wireName());
        }
        return names;
    }

    // ---- what comes in

    void asked(String threadId, Asked position) {
        reading(threadId).asked.add(position);
    }

    /** A frame of the client is given to the machine. */
    void came(Opcode opcode, byte[] payload, boolean early) {
        if (opcode == Opcode.PONG) {
            nonceAnswered |= nonces.contains(ByteBuffer.wrap(payload));
        } else if (opcode == Opcode.CLOSE) {
            closeCame = true;
        } else if (opcode == Opcode.TEXT) {
            Map<?, ?> frame = JsonFrame.members(payload);
            dataCame |= !early;
            validated |= !early
                    && "handshake_ack".equals(frame.get("type"))
                    && validationId.equals(frame.get("validation_id"));
            if ("subscribe".equals(frame.get("type")) && frame.get("thread_id") instanceof String threadId) {
                Object afterSeq = frame.get("after_seq");
                long seq = afterSeq instanceof Long number ? number : afterSeq == null ? Asked.OLDEST : Asked.LATEST;
                asked(threadId, new Asked(seq, frame.get("epoch") instanceof String epoch ? epoch : null));
            }
        }
    }

    /** The node has told the machine that the head of the thread moved. */
    void told(String threadId) {
        Truth.Written thread = ground.truth().thread(threadId);
        Reading reading = readings.get(threadId);
        if (thread != null && reading != null && reading.subscribed && thread.epoch.equals(reading.epoch)) {
            reading.toldSeq = Math.max(reading.toldSeq, thread.publishedSeq);
        }
    }

    /** The node goes down, and wants the connection gone by then. */
    void leavesBy(long nanos) {
        leaveByNanos = Math.min(leaveByNanos, nanos);
    }

    // ---- what goes out

    void goes(Opcode opcode, byte[] payload) {
        expect(!closed, "nothing follows the Close", opcode, payload);
        switch (opcode) {
            case PING -> nonces.add(ByteBuffer.wrap(payload));
            case PONG -> expect(ready, "nothing but Ping and validation before READY", opcode, payload);
            case CLOSE -> close(payload);
            case TEXT -> text(payload);
            default -> expect(false, "a server sends no such frame", opcode, payload);
        }
    }

    private void close(byte[] payload) {
        closed = true;
        int code = payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        if (code != 1012 || closeCame || !ready || ground.agenda().getAsLong() >= leaveByNanos) {
            return;
        }
        readings.forEach((threadId, reading) -> laws.expect(
                !reading.subscribed || reading.nextSeq > reading.toldSeq,
                "a drain closes behind what is pending",
                () -> name + " is closed with 1012 before seq " + reading.toldSeq + " of " + threadId + ", next was "
                        + reading.nextSeq));
    }

    private void text(byte[] payload) {
        Map<?, ?> frame = JsonFrame.members(payload);
        String type = String.valueOf(frame.get("type"));
        if (type.equals("handshake_validation")) {
            validationId = String.valueOf(frame.get("validation_id"));
            return;
        }
        if (type.equals("connection_ready")) {
            expect(!ready, "READY comes once", Opcode.TEXT, payload);
            ready = true;
            proof(String.valueOf(frame.get("proof")));
            return;
        }
        expect(ready, "nothing but Ping and validation before READY", Opcode.TEXT, payload);
        if (frame.get("thread_id") instanceof String threadId) {
            ofThread(threadId, type, frame, payload);
        }
    }

    private void proof(String proof) {
        ground.counts().count("proofs: " + proof);
        boolean justified = switch (proof) {
            case "application" -> validated;
            case "transport" -> tier == Tier.TRANSPORT ? nonceAnswered || dataCame || validated : validated;
            case "assumed" ->
                ground.agenda().getAsLong() - begunNanos
                        >= ground.plan().readiness().deadline().toNanos();
            default -> ground.plan().readiness().strategy() != Strategy.PROOF;
        };
        laws.expect(justified, "READY is proven", () -> name + " claims the proof " + proof);
    }

    private void ofThread(String threadId, String type, Map<?, ?> frame, byte[] payload) {
        Reading reading = reading(threadId);
        if (EVENTS.contains(type)) {
            event(threadId, reading, frame, payload);
            return;
        }
        switch (type) {
            case "subscribed" -> subscribed(threadId, reading, frame, payload);
            case "history_gap" -> {
                expect(reading.gapOwed != null, "a gap is told where there is one", Opcode.TEXT, payload);
                ground.counts().count("gaps: " + frame.get("reason"));
                reading.gapOwed = null;
            }
            case "unsubscribed" -> reading.subscribed = false;
            case "message_accepted" -> accepted(threadId, frame, payload);
            case "cancel_accepted" -> cancelled(threadId, String.valueOf(frame.get("run_id")));
            case "error" -> refused(reading, frame);
            default -> expect(false, "the frames are those of the protocol", Opcode.TEXT, payload);
        }
    }

    private void refused(Reading reading, Map<?, ?> frame) {
        ground.counts().count("refusals: " + frame.get("code"));
        boolean late = "unavailable".equals(frame.get("code"))
                && String.valueOf(frame.get("message")).startsWith("events cannot be read now");
        if ("subscribe".equals(frame.get("request")) && !late) {
            reading.asked.poll();
        }
    }

    private void subscribed(String threadId, Reading reading, Map<?, ?> frame, byte[] payload) {
        Asked asked = reading.asked.poll();
        long fromSeq = JsonFrame.number(frame, "from_seq");
        long headSeq = JsonFrame.number(frame, "head_seq");
        boolean resumed = Boolean.TRUE.equals(frame.get("resumed"));
        String epoch = String.valueOf(frame.get("epoch"));
        if (asked == null) {
            expect(false, "subscribed answers a subscription", Opcode.TEXT, payload);
            return;
        }
        Truth.Written thread = ground.truth().thread(threadId);
        laws.expect(
                thread == null || thread.ownerId.equals(userId) || !thread.epoch.equals(epoch),
                "nobody sees what belongs to another user",
                () -> name + " of " + userId + " is subscribed to " + threadId);
        expect(fromSeq <= headSeq + 1, "a subscription begins at most behind the head", Opcode.TEXT, payload);
        if (asked.afterSeq() == Asked.LATEST) {
            expect(resumed && fromSeq == headSeq + 1, "latest begins behind the head", Opcode.TEXT, payload);
        } else if (asked.afterSeq() >= 0) {
            boolean sameEpoch = asked.epoch() == null || asked.epoch().equals(epoch);
            boolean follows = sameEpoch && fromSeq == asked.afterSeq() + 1;
            expect(resumed == follows, "a gap is never silent", Opcode.TEXT, payload);
            ground.counts().count(resumed ? "resumes" : "resumes with a gap");
        }
        reading.gapOwed = resumed ? null : asked;
        reading.subscribed = true;
        reading.epoch = epoch;
        reading.nextSeq = fromSeq;
        reading.toldSeq = 0;
    }

    private void event(String threadId, Reading reading, Map<?, ?> frame, byte[] payload) {
        expect(reading.subscribed, "events follow a subscription", Opcode.TEXT, payload);
        expect(reading.gapOwed == null, "a gap is told before the first event", Opcode.TEXT, payload);
        long seq = JsonFrame.number(frame, "seq");
        long firstSeq = Truth.firstSeq(frame);
        laws.expect(
                firstSeq == reading.nextSeq,
                "events come without hole, repeat or disorder",
                () -> name + ": seq " + firstSeq + " of " + threadId + " instead of " + reading.nextSeq);
        laws.expect(
                ground.truth().shows(reading.epoch, firstSeq, seq, frame, payload),
                "an event is shown as it was committed",
                () -> name + ": seq " + firstSeq + " to " + seq + " of " + threadId + " in epoch " + reading.epoch
                        + (ground.truth().at(reading.epoch, seq) == null
                                ? ", which was never committed"
                                : ", which was committed otherwise"));
        if (firstSeq < seq) {
            ground.counts().count("frames for several chunks");
        }
        Truth.Written thread = ground.truth().thread(threadId);
        laws.expect(
                thread == null || !thread.epoch.equals(reading.epoch) || thread.ownerId.equals(userId),
                "nobody sees what belongs to another user",
                () -> name + " of " + userId + " gets seq " + seq + " of " + threadId);
        reading.nextSeq = seq + 1;
        ground.counts().add("events sent", seq - firstSeq + 1);
    }

    private void accepted(String threadId, Map<?, ?> frame, byte[] payload) {
        String messageId = String.valueOf(frame.get("message_id"));
        Truth.Written thread = ground.truth().thread(threadId);
        MessageRecord record = thread == null ? null : thread.messages.get(messageId);
        boolean known = record != null
                && Long.valueOf(record.seq()).equals(frame.get("seq"))
                && record.runId().equals(frame.get("run_id"));
        expect(
                known || ground.truth().lost(threadId, messageId),
                "what is acknowledged is committed",
                Opcode.TEXT,
                payload);
        ground.counts().count(Boolean.TRUE.equals(frame.get("duplicate")) ? "accepted again" : "accepted");
    }

    private void cancelled(String threadId, String runId) {
        Truth.Written thread = ground.truth().thread(threadId);
        RunRules.RunSoFar run = thread == null ? null : thread.rules.runs().get(runId);
        laws.expect(
                run == null || "agent_cancelled".equals(run.terminal),
                "a cancel is acknowledged when it is in the log",
                () -> name + ": " + runId + " ended as " + (run == null ? null : run.terminal));
        ground.counts().count("cancels accepted");
    }

    private Reading reading(String threadId) {
        return readings.computeIfAbsent(threadId, id -> new Reading());
    }

    private void expect(boolean holds, String law, Opcode opcode, byte[] payload) {
        laws.expect(holds, law, () -> name + ": " + opcode + " " + new String(payload, StandardCharsets.UTF_8));
    }
}
