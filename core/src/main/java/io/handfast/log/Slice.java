package io.handfast.log;

import java.util.List;

/** What a log answers to a reader that stands at a cursor. */
public sealed interface Slice {
    /**
     * The events right behind the cursor, without a hole; empty when the reader has everything that is committed.
     *
     * @param more whether further events were committed already when this was read
     */
    record Events(List<Entry> entries, boolean more) implements Slice {}

    /** They are not in memory: ask {@link ThreadLog#load}. */
    record Behind() implements Slice {}

    /** Part of them is gone for ever; the reader is told so and goes on at {@code head.oldestSeq()}. */
    record Trimmed(ThreadHead head) implements Slice {}

    /** The thread of the cursor was deleted; one that has its name now is another. */
    record Deleted() implements Slice {}

    /** The cursor's epoch is over: the thread's log was begun anew. */
    record Replaced() implements Slice {}

    /** The log cannot be read now; the reader tries again later. */
    record Unavailable(String why) implements Slice {}
}
