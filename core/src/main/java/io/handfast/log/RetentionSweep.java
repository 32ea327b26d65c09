package io.handfast.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Drops what is too old, or too much over all threads, also of threads to which nobody writes any more. It looks through
 * all threads and hands the writer a page of requests at a time, so that an append never waits behind a long row of them.
 */
final class RetentionSweep {
    private static final int PAGE = 64;

    private final Store store;
    private final Writer writer;
    private final Retention retention;
    private final Executor executor;
    private final LongSupplier clockMicros;
    private final LogObserver observer;

    /** Guarded by this, as the next two are. */
    private @Nullable CompletableFuture<Boolean> underWay;

    /** Begins when the one under way ends. */
    private @Nullable CompletableFuture<Boolean> next;

    private boolean overfull;

    RetentionSweep(EmbeddedThreadLog.Setup setup, Writer writer) {
        this.store = setup.store();
        this.writer = writer;
        this.retention = setup.limits().retention();
        this.executor = setup.loads();
        this.clockMicros = setup.clockMicros();
        this.observer = setup.observer();
    }

    /**
     * Begins a sweep, or asks for the next one when one is under way: that one does not look again at what it has passed. Done
     * with whether it went through to its end.
     */
    CompletionStage<Boolean> start() {
        CompletableFuture<Boolean> mine;
        synchronized (this) {
            if (underWay != null) {
                next = next == null ? new CompletableFuture<>() : next;
                return next;
            }
            mine = new CompletableFuture<>();
            underWay = mine;
        }
        begin(mine);
        return mine;
    }

    /** More is retained than may be. A sweep that is under way mends that as a rule; only if it does not, the next begins. */
    void overfull() {
        synchronized (this) {
            if (underWay != null) {
                overfull = true;
                return;
            }
        }
        CompletionStage<Boolean> unused = start();
    }

    private void begin(CompletableFuture<Boolean> sweep) {
        dispatch(sweep, () -> {
            long tooOldMicros = clockMicros.getAsLong() - retention.ageMicros();
            sweep(sweep, Math.max(tooOldMicros, tooMuchMicros()), null);
        });
    }

    private void end(CompletableFuture<Boolean> sweep, boolean complete) {
        CompletableFuture<Boolean> following;
        synchronized (this) {
            boolean stillOverfull = overfull && writer.retained().counted() > retention.bytesTotal();
            following = next == null && stillOverfull ? new CompletableFuture<>() : next;
            underWay = following;
            next = null;
            overfull = false;
        }
        sweep.complete(complete);
        if (following != null) {
            begin(following);
        }
    }

    private void dispatch(CompletableFuture<Boolean> sweep, Step step) {
        try {
            executor.execute(() -> {
                try {
                    step.run();
                } catch (StoreException | RuntimeException e) {
                    observer.readFailed(e);
                    end(sweep, false);
                }
            });
        } catch (RejectedExecutionException e) {
            end(sweep, false); // the log is being closed; the next start sweeps again
        }
    }

    private interface Step {
        void run() throws StoreException;
    }

    /** The time up to which everything must go so that all threads together are within the bound. */
    private long tooMuchMicros() throws StoreException {
        boolean bounded = retention.bytesTotal() != Retention.UNLIMITED;
        if (!bounded && writer.retained().learned()) {
            return Long.MIN_VALUE;
        }
        long countedBefore = writer.retained().counted();
        List<ThreadRecord.Segment> segments = new ArrayList<>();
        long[] found = {0};
        String last = null;
        do {
            last = store.scan(last, PAGE, thread -> {
                found[0] += thread.retainedBytes();
                if (bounded) {
                    segments.addAll(thread.segments());
                }
            });
        } while (last != null);
        writer.retained().learn(found[0], countedBefore);
        return found[0] <= retention.bytesTotal() ? Long.MIN_VALUE : cutoff(segments, found[0]);
    }

    private long cutoff(List<ThreadRecord.Segment> segments, long retained) {
        ThreadRecord.Segment[] byAge = segments.toArray(new ThreadRecord.Segment[0]);
        Arrays.sort(byAge, (a, b) -> Long.compare(a.firstMicros(), b.firstMicros()));
        long rest = retained;
        // An eighth more than needed, so that the next append does not ask for the next sweep.
        long target = retention.bytesTotal() - retention.bytesTotal() / 8;
        int i = 0;
        while (rest > target) {
            rest -= byAge[i++].bytes();
        }
        return byAge[i - 1].firstMicros();
    }

    private void sweep(CompletableFuture<Boolean> sweep, long cutoffMicros, @Nullable String from)
            throws StoreException {
        String last = from;
        CompletableFuture<Void> page;
        do {
            List<TrimRequest> due = new ArrayList<>();
            last = store.scan(last, PAGE, thread -> {
                if (!thread.segments().isEmpty() && thread.segments().get(0).firstMicros() <= cutoffMicros) {
                    due.add(new TrimRequest(thread.threadId(), thread.incarnation(), cutoffMicros));
                }
            });
            page = CompletableFuture.allOf(due.stream()
                    .map(trim -> writer.submit(trim).toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new));
        } while (last != null && page.isDone());
        String behind = last;
        CompletableFuture<Void> unused = page.whenComplete((done, failed) -> {
            if (behind == null) {
                end(sweep, true);
            } else {
                dispatch(sweep, () -> sweep(sweep, cutoffMicros, behind));
            }
        });
    }
}
