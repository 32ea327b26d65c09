package io.handfast.log;

import io.handfast.log.Batch.ThreadChange;
import io.handfast.log.ThreadLog.HeadWatcher;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The one writer of a log. Requests from all threads queue; one drain at a time takes all that wait, decides them in order,
 * commits them in one write, publishes, answers, and wakes the watchers once. On an executor of its own this is group
 * commit: while one batch is written the next one gathers, and a lone request waits for nobody. On a direct executor a
 * request is answered before {@link #submit} returns.
 */
final class Writer {
    private final Store store;
    private final ResidentThreads resident;
    private final LogLimits limits;
    private final Executor executor;
    private final LongSupplier clockMicros;
    private final Supplier<String> incarnations;
    private final LogObserver observer;
    private final Runnable overfull;
    private final ConcurrentLinkedQueue<Request<?>> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final RetainedBytes retained;
    private final CopyOnWriteArrayList<HeadWatcher> watchers = new CopyOnWriteArrayList<>();

    /**
     * @param overfull called after a commit when more is retained than all threads together may keep
     */
    Writer(EmbeddedThreadLog.Setup setup, ResidentThreads resident, Runnable overfull) {
        this.store = setup.store();
        this.resident = resident;
        this.limits = setup.limits();
        this.executor = setup.writer();
        this.clockMicros = setup.clockMicros();
        this.incarnations = setup.incarnations();
        this.observer = setup.observer();
        this.overfull = overfull;
        this.retained = new RetainedBytes(observer);
    }

    RetainedBytes retained() {
        return retained;
    }

    ThreadLog.Watch watch(HeadWatcher watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    <T> CompletionStage<Outcome<T>> submit(Request<T> request) {
        if (waitingBytes.addAndGet(request.bytes()) > limits.waitingBytesMax()) {
            waitingBytes.addAndGet(-request.bytes());
            request.refuse(
                    "the log has " + limits.waitingBytesMax() + " bytes waiting to be written, and takes no more");
            return request.stage();
        }
        queue.add(request);
        schedule();
        return request.stage();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::drain);
            } catch (RejectedExecutionException e) {
                refuseAll(take(Integer.MAX_VALUE), "the log is closed");
                scheduled.set(false);
            }
        }
    }

    private void drain() {
        do {
            for (List<Request<?>> group = take(limits.batchRequestsMax());
                    !group.isEmpty();
                    group = take(limits.batchRequestsMax())) {
                commit(group);
            }
            scheduled.set(false);
            // Whoever came after the last look saw the flag up and left the request to this drain.
        } while (!queue.isEmpty() && scheduled.compareAndSet(false, true));
    }

    private List<Request<?>> take(int requestsMax) {
        List<Request<?>> group = new ArrayList<>();
        long bytes = 0;
        for (Request<?> next = queue.peek(); next != null; next = queue.peek()) {
            boolean fits = group.isEmpty()
                    || (group.size() < requestsMax
                            && bytes + next.bytes() <= limits.batchBytesMax()
                            && !next.alone()
                            && !group.get(0).alone());
            if (!fits) {
                break;
            }
            queue.remove();
            bytes += next.bytes();
            group.add(next);
        }
        waitingBytes.addAndGet(-bytes);
        return group;
    }

    private void commit(List<Request<?>> group) {
        Workspace workspace = new Workspace(store, resident, limits, incarnations, clockMicros.getAsLong());
        Set<String> moved;
        try {
            store.prepare();
            for (Request<?> request : group) {
                request.decideIn(workspace, observer);
            }
            Batch batch = workspace.toBatch();
            if (!batch.isEmpty()) {
                store.commit(batch);
            }
            moved = publish(workspace, batch, group.size());
        } catch (StoreException | RuntimeException | Error e) {
            // Whatever went wrong: those behind this group must not wait for ever.
            // The store may or may not hold the batch now, so what it touched is read again before it is used.
            workspace.threadIds().forEach(resident::remove);
            observer.commitFailed(group.size(), e);
            refuseAll(group, StoreException.told(e));
            return;
        }
        // Readers first: whoever is answered may end the connections that still have to be told.
        wake(moved);
        for (Request<?> request : group) {
            request.complete();
        }
        if (retained.counted() > limits.retention().bytesTotal()) {
            overfull.run();
        }
    }

    private static void refuseAll(List<Request<?>> group, String why) {
        for (Request<?> request : group) {
            request.refuse(why);
        }
    }

    private Set<String> publish(Workspace workspace, Batch batch, int requests) {
        Set<String> moved = new LinkedHashSet<>();
        int events = 0;
        long bytes = 0;
        long difference = 0;
        for (ThreadChange change : batch.threads()) {
            ThreadRecord before = change.before();
            ThreadRecord after = change.after();
            long retainedBefore = before == null ? 0 : before.retainedBytes();
            long retainedAfter = after == null ? 0 : after.retainedBytes();
            difference += retainedAfter - retainedBefore;
            if (after == null) {
                resident.remove(change.threadId());
                moved.add(change.threadId());
                continue;
            }
            resident.publish(after, workspace.generation(), change.appended());
            if (!change.appended().isEmpty()) {
                moved.add(change.threadId());
                events += change.appended().size();
                for (Entry entry : change.appended()) {
                    bytes += entry.json().length;
                }
            }
            if (before != null && after.oldestSeq() > before.oldestSeq()) {
                observer.trimmed(after.threadId(), before.oldestSeq(), after.oldestSeq() - 1);
            }
        }
        workspace.unchanged().forEach(record -> resident.publish(record, workspace.generation(), List.of()));
        batch.runs().forEach(resident::remember);
        resident.shrink();
        if (!batch.isEmpty()) {
            retained.add(difference);
            observer.committed(requests, events, bytes);
        }
        return Collections.unmodifiableSet(moved);
    }

    private void wake(Set<String> moved) {
        if (moved.isEmpty()) {
            return;
        }
        for (HeadWatcher watcher : watchers) {
            try {
                watcher.moved(moved);
            } catch (RuntimeException e) {
                observer.watcherFailed(e);
            }
        }
    }
}
