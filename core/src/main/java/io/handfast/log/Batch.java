package io.handfast.log;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One atomic write to a {@link Store}: events, the heads of their threads, idempotency keys and the state of runs.
 *
 * @param threads at most one change for each thread
 * @param messages new idempotency keys
 * @param runs runs that were opened, changed or ended; at most one state for each run
 */
public record Batch(List<ThreadChange> threads, List<MessageRecord> messages, List<RunState> runs) {

    boolean isEmpty() {
        return threads.isEmpty() && messages.isEmpty() && runs.isEmpty();
    }

    /**
     * What becomes of one thread.
     *
     * @param before null: the thread is new
     * @param after null: the thread is deleted, with its events, message keys and runs. Events below its oldest
     *     {@code seq} are trimmed
     * @param appended events to add, in order
     */
    public record ThreadChange(
            @Nullable ThreadRecord before, @Nullable ThreadRecord after, List<Entry> appended) {
        public String threadId() {
            ThreadRecord some = after != null ? after : before;
            if (some == null) {
                throw new IllegalStateException("a change of no thread");
            }
            return some.threadId();
        }
    }
}
