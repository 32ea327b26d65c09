package io.handfast.bench.race;

import io.handfast.bench.client.ServerFrame;
import io.handfast.protocol.EventType;
import java.util.BitSet;

/** What one client lives through, told by its adapter on its loop. */
final class Story {
    private static final long NEVER = Long.MIN_VALUE;

    private final int expected;
    private final Runnable over;
    private final BitSet seen = new BitSet();
    private long begunNanos = NEVER;
    private long openedNanos = NEVER;
    private long askedNanos = NEVER;
    private long readyNanos = NEVER;
    private long endedNanos = NEVER;
    private String proof = "";
    private long lastSeq;
    private long arrived;
    private long repeats;
    private int connections;
    private boolean opened;

    /**
     * A story that has not begun.
     *
     * @param expected events of the thread
     * @param over called once, when the terminal event has come
     */
    Story(int expected, Runnable over) {
        this.expected = expected;
        this.over = over;
    }

    void dialling(long nowNanos) {
        connections++;
        lastSeq = 0;
        if (begunNanos == NEVER) {
            begunNanos = nowNanos;
        }
    }

    void opened(long nowNanos) {
        opened = true;
        if (connections == 1) {
            openedNanos = nowNanos;
        }
    }

    /** A question got through to the one who has to answer: a Ping to the stack, or a validation to the handler. */
    void asked(long nowNanos) {
        if (connections == 1 && askedNanos == NEVER && readyNanos == NEVER) {
            askedNanos = nowNanos;
        }
    }

    void ready(String value, long nowNanos) {
        if (connections == 1 && readyNanos == NEVER) {
            readyNanos = nowNanos;
            proof = value;
        } else if (proof.isEmpty()) {
            proof = value;
        }
    }

    /** An event reached the handler. */
    void arrived(ServerFrame event) {
        arrived += event.seq() - event.firstSeq() + 1;
        if (event.firstSeq() <= lastSeq) {
            repeats++;
        }
        lastSeq = Math.max(lastSeq, event.seq());
    }

    /** The reader takes an event as the next one. */
    void took(ServerFrame event, long nowNanos) {
        seen.set((int) event.firstSeq(), (int) event.seq() + 1);
        if (endedNanos == NEVER && terminal(event.type())) {
            endedNanos = nowNanos;
            over.run();
        }
    }

    private static boolean terminal(String type) {
        for (EventType known : EventType.values()) {
            if (known.terminal() && known.wireName().equals(type)) {
                return true;
            }
        }
        return false;
    }

    Finish finish() {
        return new Finish(
                endedNanos != NEVER,
                seen.cardinality() == expected && repeats == 0,
                arrived,
                repeats,
                connections,
                opened,
                proof,
                since(openedNanos, readyNanos),
                since(askedNanos, readyNanos),
                since(begunNanos, endedNanos));
    }

    private static long since(long from, long to) {
        return from == NEVER || to == NEVER ? -1 : to - from;
    }
}
