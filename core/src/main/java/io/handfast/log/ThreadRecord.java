package io.handfast.log;

import java.util.List;

/**
 * A thread as a {@link Store} keeps it: everything about it that changes with each append, in one record.
 *
 * @param incarnation tells this thread from an earlier one of the same name that was deleted
 * @param oldestSeq the first retained {@code seq}; {@code headSeq + 1} when nothing is
 * @param headSeq the last {@code seq}; 0 for an empty thread
 * @param lastMicros timestamp of the last event
 * @param openRuns number of runs without a terminal event
 * @param title the first words of the first message; empty before it
 * @param activeMicros when a message was last written or a run ended; 0: never
 * @param segments what is retained, oldest first, in pieces of an eighth of what may be retained
 */
public record ThreadRecord(
        String threadId,
        String ownerId,
        String incarnation,
        long oldestSeq,
        long headSeq,
        long lastMicros,
        int openRuns,
        String title,
        long activeMicros,
        List<Segment> segments) {

    /**
     * A piece of what is retained; retention drops whole segments, so it needs no size of any single event.
     *
     * @param firstMicros timestamp of its first event
     * @param bytes of JSON
     */
    public record Segment(long firstSeq, long firstMicros, long bytes) {}

    /** Bytes of JSON that are retained. */
    public long retainedBytes() {
        long sum = 0;
        for (Segment segment : segments) {
            sum += segment.bytes();
        }
        return sum;
    }
}
