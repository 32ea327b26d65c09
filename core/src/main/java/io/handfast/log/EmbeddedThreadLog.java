package io.handfast.log;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process, over a {@link Store}. Everything that the contract promises is decided here, once for all
 * engines: order, idempotency, epochs, retention, what is visible when.
 *
 * <p>Appends run on the writer's executor, in order; stages of appends complete there, and watchers are called there.
 * Whatever has to read the store runs on the executor for loads. {@link #tail} reads memory on the caller's thread.
 */
public final class EmbeddedThreadLog implements ThreadLog {
    private static final String CLOSED = "the log is closed";

    private final Store store;
    private final LogObserver observer;
    private final Executor loads;
    private final ResidentThreads resident;
    private final LogReader reader;
    private final Writer writer;
    private final RetentionSweep sweep;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * What a log is made of. The store belongs to the log from then on; the executors stay the caller's, and are shut down
     * after {@link #close()}.
     *
     * @param writer runs one task of this log at a time; a direct executor makes every append complete at once on the
     *     caller's thread
     * @param loads may run several at a time
     * @param clockMicros Unix time in microseconds
     * @param incarnations an opaque string, without {@code :}, that never repeats; tells threads of one name apart
     */
    public record Setup(
            Store store,
            Executor writer,
            Executor loads,
            LongSupplier clockMicros,
            Supplier<String> incarnations,
            LogLimits limits,
            LogObserver observer) {}

    /**
     * A log in memory that completes everything at once, on the caller's thread.
     *
     * @param clockMicros Unix time in microseconds
     */
    public static EmbeddedThreadLog inMemory(LongSupplier clockMicros, LogLimits limits) {
        return new EmbeddedThreadLog(new Setup(
                new MemoryStore(randomName()),
                Runnable::run,
                Runnable::run,
                clockMicros,
                EmbeddedThreadLog::randomName,
                limits,
                LogObserver.NONE));
    }

    /** A name that does not repeat, for {@link Setup#incarnations()} and {@link Store#generation()}. */
    public static String randomName() {
        return Long.toString(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
    }

    public EmbeddedThreadLog(Setup setup) {
        this.store = setup.store();
        this.observer = setup.observer();
        this.loads = setup.loads();
        this.resident = new ResidentThreads(
                setup.limits().residentThreadsMax(), setup.limits().recentBytesMax());
        this.reader = new LogReader(store);
        this.writer = new Writer(setup, resident, this::sweepOverfull);
        this.sweep = new RetentionSweep(setup, writer);
    }

    @Override
    public CompletionStage<Outcome<ThreadHead>> claim(String threadId, String userId) {
        if (closed.get()) {
            return CompletableFuture.completedFuture(Outcome.refused(ErrorCode.UNAVAILABLE, CLOSED));
        }
        // A thread that exists is claimed by reading: readers come back while the store cannot be written,
        // and a storm of them does not stand between the writer and its appends.
        return head(threadId).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
                return CompletableFuture.completedFuture(Outcome.refused(refused.code(), refused.message()));
            }
            Optional<ThreadHead> head = ((Outcome.Done<Optional<ThreadHead>>) outcome).value();
            if (head.isEmpty()) {
                return write(new ClaimRequest(threadId, userId));
            }
            boolean owner = head.get().ownerId().equals(userId);
            return CompletableFuture.completedFuture(owner ? Outcome.done(head.get()) : ClaimRequest.foreign(threadId));
        });
    }

    @Override
    public CompletionStage<Outcome<Optional<ThreadHead>>> head(String threadId) {
        ResidentThread inMemory = resident.find(threadId);
        if (inMemory != null) {
            return CompletableFuture.completedFuture(Outcome.done(Optional.of(inMemory.head())));
        }
        return read(() -> Outcome.done(reader.head(threadId)));
    }

    @Override
    public CompletionStage<Outcome<Posted>> post(Post post) {
        return write(new PostRequest(post));
    }

    @Override
    public CompletionStage<Outcome<Appended>> append(String threadId, String runId, List<EventDraft> events) {
        return write(new AppendRequest(threadId, runId, events));
    }

    @Override
    public CompletionStage<Outcome<Opened>> open(Opening opening) {
        return write(new OpenRequest(opening));
    }

    @Override
    public CompletionStage<Outcome<Published>> publish(Batched batch) {
        return write(new PublishRequest(batch));
    }

    @Override
    public CompletionStage<Outcome<Expiry>> expire(String threadId, String runId) {
        return write(new ExpireRequest(threadId, runId));
    }

    @Override
    public CompletionStage<Outcome<Progress>> progress(String threadId, String runId, long afterSeq) {
        return write(new ProgressRequest(threadId, runId, afterSeq));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> delete(String threadId, String userId) {
        return write(new DeleteRequest(threadId, userId));
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> run(String runId) {
        return read(() -> {
            RunState run = store.run(runId);
            return run != null
                    ? Outcome.done(run.toRecord())
                    : Outcome.refused(ErrorCode.RUN_NOT_FOUND, "no run " + runId);
        });
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> runOfMessage(String threadId, String messageId) {
        return read(() -> {
            ThreadRecord thread = store.thread(threadId);
            MessageRecord message = thread == null ? null : store.message(thread, messageId);
            RunState run = message == null ? null : store.run(message.runId());
            return run != null
                    ? Outcome.done(run.toRecord())
                    : Outcome.refused(
                            ErrorCode.RUN_NOT_FOUND, "no run of message " + messageId + " in thread " + threadId);
        });
    }

    @Override
    public CompletionStage<Outcome<List<RunRecord>>> openRuns() {
        return read(() ->
                Outcome.done(store.openRuns().stream().map(RunState::toRecord).toList()));
    }

    @Override
    public CompletionStage<Outcome<List<ThreadSummary>>> threads(
            String userId, @Nullable ThreadSummary after, int limit) {
        return read(() -> Outcome.done(store.threadsOf(userId, after, limit).stream()
                .map(thread -> new ThreadSummary(thread.threadId(), thread.title(), thread.activeMicros()))
                .toList()));
    }

    @Override
    public Slice tail(String threadId, Cursor after, int maxBytes) {
        ResidentThread inMemory = resident.find(threadId);
        return inMemory == null ? new Slice.Behind() : inMemory.tail(after, maxBytes);
    }

    @Override
    public CompletionStage<Slice> load(String threadId, Cursor after, int maxBytes) {
        Slice fromMemory = tail(threadId, after, maxBytes);
        if (!(fromMemory instanceof Slice.Behind)) {
            return CompletableFuture.completedFuture(fromMemory);
        }
        return onLoads(() -> reader.load(threadId, after, maxBytes), Slice.Unavailable::new);
    }

    @Override
    public Watch watch(HeadWatcher watcher) {
        return writer.watch(watcher);
    }

    /**
     * Drops what is too old or too much, over all threads. To be called when the log is opened and about once a minute;
     * works on the executor for loads. While a sweep is at work, the next one is asked for, once. Done with whether one that
     * began after the call went through to its end; never completes exceptionally.
     */
    public CompletionStage<Boolean> sweep() {
        return closed.get() ? CompletableFuture.completedFuture(false) : sweep.start();
    }

    private void sweepOverfull() {
        if (!closed.get()) {
            sweep.overfull();
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        writer.submit(new BarrierRequest()).toCompletableFuture().join();
        try {
            store.close();
        } catch (StoreException e) {
            throw new IllegalStateException("the log was not closed cleanly: " + e.getMessage(), e);
        }
    }

    private <T> CompletionStage<Outcome<T>> write(Request<T> request) {
        if (closed.get()) {
            request.refuse(CLOSED);
            return request.stage();
        }
        return writer.submit(request);
    }

    private <T> CompletionStage<Outcome<T>> read(Query<Outcome<T>> query) {
        return onLoads(query, why -> Outcome.refused(ErrorCode.UNAVAILABLE, why));
    }

    private <T> CompletionStage<T> onLoads(Query<T> query, Function<String, T> unavailable) {
        CompletableFuture<T> stage = new CompletableFuture<>();
        try {
            loads.execute(() -> {
                try {
                    stage.complete(query.run());
                } catch (StoreException | RuntimeException e) {
                    observer.readFailed(e);
                    stage.complete(unavailable.apply(StoreException.told(e)));
                }
            });
        } catch (RejectedExecutionException e) {
            stage.complete(unavailable.apply(CLOSED));
        }
        return stage;
    }

    @FunctionalInterface
    private interface Query<T> {
        T run() throws StoreException;
    }
}
