package io.handfast.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A thread in memory: its committed record, and its most recent events in a circular array. The writer publishes, any
 * thread reads; the lock is held for a copy of references only.
 */
final class ResidentThread {
    private static final Entry[] NONE = new Entry[0];
    private static final int CAPACITY_MIN = 8;

    /** What an entry costs beside its JSON: the record, the array's header, two references. */
    private static final int ENTRY_OVERHEAD_BYTES = 72;

    private final String epoch;
    private ThreadRecord record;
    private Entry[] ring = NONE;
    private int first;
    private int count;

    /** Open runs that were used since the thread came into memory; touched by the writer only. */
    private final Map<String, RunState> openRuns = new HashMap<>();

    ResidentThread(ThreadRecord record, String epoch) {
        this.record = record;
        this.epoch = epoch;
    }

    Map<String, RunState> openRuns() {
        return openRuns;
    }

    synchronized ThreadRecord committed() {
        return record;
    }

    synchronized ThreadHead head() {
        return headOf(record, epoch);
    }

    static ThreadHead headOf(ThreadRecord record, String epoch) {
        return new ThreadHead(record.threadId(), record.ownerId(), epoch, record.oldestSeq(), record.headSeq());
    }

    static long costOf(Entry entry) {
        return (long) entry.json().length + ENTRY_OVERHEAD_BYTES;
    }

    /** Makes what was committed visible to readers. */
    synchronized void publish(ThreadRecord committed, List<Entry> appended) {
        record = committed;
        for (Entry entry : appended) {
            if (count == ring.length) {
                grow();
            }
            ring[(first + count) & (ring.length - 1)] = entry;
            count++;
        }
    }

    private void grow() {
        Entry[] larger = new Entry[Math.max(CAPACITY_MIN, ring.length * 2)];
        for (int i = 0; i < count; i++) {
            larger[i] = ring[(first + i) & (ring.length - 1)];
        }
        ring = larger;
        first = 0;
    }

    /** Forgets the oldest event in memory, and answers what it had cost. */
    @SuppressWarnings("NullAway") // an empty slot is never read
    synchronized long forgetOldest() {
        long cost = costOf(ring[first]);
        ring[first] = null;
        first = (first + 1) & (ring.length - 1);
        count--;
        if (count == 0) {
            ring = NONE;
            first = 0;
        }
        return cost;
    }

    synchronized Slice tail(Cursor after, int maxBytes) {
        if (!after.epoch().equals(epoch)) {
            return Workspace.epochOver(after, record);
        }
        long from = after.seq() + 1;
        if (from > record.headSeq()) {
            return new Slice.Events(List.of(), false);
        }
        if (from < record.oldestSeq()) {
            return new Slice.Trimmed(head());
        }
        long inMemoryFrom = record.headSeq() + 1 - count;
        if (from < inMemoryFrom) {
            return new Slice.Behind();
        }
        int skip = (int) (from - inMemoryFrom);
        int taken = 1;
        long bytes = at(skip).json().length;
        while (skip + taken < count) {
            bytes += at(skip + taken).json().length;
            if (bytes > maxBytes) {
                break;
            }
            taken++;
        }
        Entry[] entries = new Entry[taken];
        for (int i = 0; i < taken; i++) {
            entries[i] = at(skip + i);
        }
        return new Slice.Events(Collections.unmodifiableList(Arrays.asList(entries)), skip + taken < count);
    }

    private Entry at(int index) {
        return ring[(first + index) & (ring.length - 1)];
    }
}
