package io.handfast.sim.world;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What one client has processed of one thread: a client keeps the reader's rule of spec/protocol.md, and its transcript is compared
 * with what was committed, event by event.
 */
final class View {
    /** What an event means to the reader's rule. */
    enum Sight {
        PROCESSED,
        /** Not greater than what was processed: ignored. */
        REPEATED,
        /** Something is missing before it, or it cannot be told: reconnect. */
        HOLE
    }

    private final Ground ground;
    private final String name;
    private final String threadId;
    private String epoch = "";
    private long seq = -1;
    private boolean subscribed;
    private long behindSeq = -1;
    private long behindSinceNanos;

    /** Positions that were asked for on this connection: an answer may come when the reader has moved on. */
    private final Set<Long> asked = new HashSet<>();

    /** Whether a subscription was asked for on this connection and is not answered. */
    private boolean awaited;

    View(Ground ground, String client, String threadId) {
        this.ground = ground;
        this.name = client + " in " + threadId;
        this.threadId = threadId;
    }

    /** What a subscription asks for: behind the position when there is one, else everything. */
    String query() {
        asked.add(seq);
        return seq < 0 ? "" : "&after_seq=" + seq + "&epoch=" + epoch;
    }

    /** The same as members of a frame. */
    String members() {
        awaited = true;
        asked.add(seq);
        return seq < 0 ? "" : ",\"after_seq\":" + seq + ",\"epoch\":\"" + epoch + "\"";
    }

    /** Everything was asked for once more; until the answer comes, the reader stands where it stood. */
    void asksAgain() {
        awaited = true;
    }

    /** A new connection: nothing counts before its {@code subscribed}. */
    void disconnected() {
        subscribed = false;
        awaited = false;
        asked.clear();
    }

    /** Everything is read anew, on another connection. */
    void forget() {
        disconnected();
        epoch = "";
        seq = -1;
    }

    boolean isSubscribed() {
        return subscribed;
    }

    long seq() {
        return seq;
    }

    void subscribed(Map<?, ?> frame) {
        String newEpoch = String.valueOf(frame.get("epoch"));
        long position = JsonFrame.number(frame, "from_seq") - 1;
        boolean resumed = Boolean.TRUE.equals(frame.get("resumed"));
        boolean known = seq >= 0;
        ground.laws()
                .expect(
                        !known || !resumed || position <= seq || asked.contains(position),
                        "a resumed reader misses nothing",
                        () -> name + ": at seq " + seq + " of " + epoch + ", told to go on behind " + position + " of "
                                + newEpoch);
        epoch = newEpoch;
        seq = position;
        subscribed = true;
        awaited = false;
    }

    /** What comes until the next {@code subscribed} is of no epoch that it knows. */
    void unsubscribed() {
        subscribed = false;
    }

    Sight event(Map<?, ?> frame, byte[] json) {
        long next = JsonFrame.number(frame, "seq");
        if (!subscribed) {
            return Sight.HOLE; // its `subscribed` is lost, so its epoch is not known
        }
        if (next <= seq) {
            // Nothing comes again before it was asked for: then the answer is lost, and with it perhaps a new epoch.
            return awaited ? Sight.HOLE : Sight.REPEATED;
        }
        long first = Truth.firstSeq(frame);
        if (first != seq + 1) {
            return Sight.HOLE;
        }
        seq = next;
        ground.laws()
                .expect(
                        ground.truth().shows(epoch, first, next, frame, json),
                        "a transcript is a prefix of the log",
                        () -> name + ": seq " + first + " to " + next + " of epoch " + epoch
                                + " is not what was committed");
        return Sight.PROCESSED;
    }

    /** How long it has stood where it stands although there is more; to be asked again and again. */
    long behindNanos(long nowNanos) {
        Truth.Written thread = ground.truth().thread(threadId);
        boolean behind = subscribed && thread != null && thread.epoch.equals(epoch) && seq < thread.headSeq();
        if (!behind || seq != behindSeq) {
            behindSeq = seq;
            behindSinceNanos = nowNanos;
        }
        return nowNanos - behindSinceNanos;
    }

    /** Whether it has everything; says what is missing if not. */
    String missing() {
        Truth.Written thread = ground.truth().thread(threadId);
        if (!subscribed) {
            return name + " is not subscribed";
        }
        if (thread == null || !thread.epoch.equals(epoch)) {
            return name + " reads epoch " + epoch + ", the thread has " + (thread == null ? null : thread.epoch);
        }
        return seq == thread.headSeq() ? "" : name + " stands at seq " + seq + " of " + thread.headSeq();
    }
}
