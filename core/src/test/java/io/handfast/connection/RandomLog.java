package io.handfast.connection;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One thread of a random world: grows, is trimmed, is replaced or deleted; some events begin and end runs. */
final class RandomLog {
    private static final byte[] JSON = {'{', '}'};

    final String threadId;
    private final Random random;
    private long epoch = 1;

    /** The first epoch of the thread that has the name now. */
    private long firstEpoch = 1;

    private long oldestSeq = 1;
    private final List<Entry> entries = new ArrayList<>();
    private int openRun;

    RandomLog(String threadId, Random random) {
        this.threadId = threadId;
        this.random = random;
    }

    void append() {
        boolean ends = openRun > 0;
        String runId = ends ? "r" + openRun : random.nextInt(4) == 0 ? "r" + (openRun = entries.size() + 1) : null;
        entries.add(new Entry(entries.size() + 1L, ends ? EventType.AGENT_COMPLETED : EventType.CUSTOM, runId, JSON));
        if (ends) {
            openRun = 0;
        }
    }

    void trim() {
        oldestSeq = Math.min(headSeq() + 1, oldestSeq + random.nextInt(3));
    }

    void replace() {
        epoch++;
        entries.clear();
        oldestSeq = 1;
        openRun = 0;
    }

    /** A new thread takes the name at once. */
    void delete() {
        replace();
        firstEpoch = epoch;
    }

    boolean runOpen() {
        return openRun > 0;
    }

    long headSeq() {
        return entries.size();
    }

    ThreadHead head() {
        return new ThreadHead(threadId, "alice", "e" + epoch, oldestSeq, headSeq());
    }

    Slice read(Cursor after) {
        if (!after.epoch().equals("e" + epoch)) {
            boolean deleted = Long.parseLong(after.epoch().substring(1)) < firstEpoch;
            return deleted ? new Slice.Deleted() : new Slice.Replaced();
        }
        if (after.seq() + 1 < oldestSeq) {
            return new Slice.Trimmed(head());
        }
        int from = (int) after.seq();
        int to = Math.min(entries.size(), from + 1 + random.nextInt(4));
        return from >= entries.size()
                ? new Slice.Events(List.of(), false)
                : new Slice.Events(List.copyOf(entries.subList(from, to)), to < entries.size());
    }
}
