package io.handfast.log;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Events of a thread from one place to another, read batch by batch from wherever they are. */
public final class Stretch {
    private static final int BATCH_BYTES = 1 << 20;

    private final ThreadLog log;
    private final String threadId;
    private final long toSeq;
    private final Consumer<Entry> reader;
    private boolean trimmed;

    private Stretch(ThreadLog log, String threadId, long toSeq, Consumer<Entry> reader) {
        this.log = log;
        this.threadId = threadId;
        this.toSeq = toSeq;
        this.reader = reader;
    }

    /**
     * Shows each event to {@code reader}, in order, on a thread of the log's choosing. Done with whether all of them were still
     * there, at the end; refused {@code UNAVAILABLE} when the log cannot be read, or the thread was deleted.
     *
     * @param afterSeq the one before the first
     * @param toSeq the last one; the head of the thread or before it
     */
    public static CompletionStage<Outcome<Boolean>> read(
            ThreadLog log, String threadId, long afterSeq, long toSeq, Consumer<Entry> reader) {
        if (afterSeq >= toSeq) {
            return CompletableFuture.completedStage(Outcome.done(true));
        }
        Stretch stretch = new Stretch(log, threadId, toSeq, reader);
        return log.head(threadId).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
                return CompletableFuture.completedStage(Outcome.refused(refused.code(), refused.message()));
            }
            Optional<ThreadHead> head = ((Outcome.Done<Optional<ThreadHead>>) outcome).value();
            return head.isPresent()
                    ? stretch.from(new Cursor(head.get().epoch(), afterSeq))
                    : stretch.unavailable("it was deleted");
        });
    }

    private CompletionStage<Outcome<Boolean>> from(Cursor cursor) {
        return log.load(threadId, cursor, BATCH_BYTES).thenCompose(slice -> {
            if (slice instanceof Slice.Trimmed behind) {
                trimmed = true;
                return on(new Cursor(cursor.epoch(), behind.head().oldestSeq() - 1));
            }
            if (!(slice instanceof Slice.Events events) || events.entries().isEmpty()) {
                return unavailable(slice instanceof Slice.Unavailable why ? why.why() : "it was replaced");
            }
            long seq = cursor.seq();
            for (Entry entry : events.entries()) {
                if (entry.seq() <= toSeq) {
                    reader.accept(entry);
                }
                seq = entry.seq();
            }
            return on(new Cursor(cursor.epoch(), seq));
        });
    }

    private CompletionStage<Outcome<Boolean>> on(Cursor cursor) {
        return cursor.seq() >= toSeq ? CompletableFuture.completedStage(Outcome.done(!trimmed)) : from(cursor);
    }

    private CompletionStage<Outcome<Boolean>> unavailable(String why) {
        return CompletableFuture.completedStage(
                Outcome.refused(ErrorCode.UNAVAILABLE, "thread " + threadId + " cannot be read: " + why));
    }
}
