package io.handfast.netty;

import io.handfast.log.Batch;
import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadSummary;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts how often events are read from a store. */
final class CountedStore implements Store {
    private final Store store;
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger lookUps = new AtomicInteger();

    CountedStore(Store store) {
        this.store = store;
    }

    @Override
    public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        reads.incrementAndGet();
        return store.read(thread, fromSeq, toSeq, maxBytes);
    }

    @Override
    public @Nullable ThreadRecord thread(String threadId) throws StoreException {
        lookUps.incrementAndGet();
        return store.thread(threadId);
    }

    @Override
    public String generation() {
        return store.generation();
    }

    @Override
    public @Nullable MessageRecord message(ThreadRecord thread, String messageId) throws StoreException {
        return store.message(thread, messageId);
    }

    @Override
    public @Nullable RunState run(String runId) throws StoreException {
        return store.run(runId);
    }

    @Override
    public List<RunState> openRuns() throws StoreException {
        return store.openRuns();
    }

    @Override
    public List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit)
            throws StoreException {
        return store.threadsOf(ownerId, after, limit);
    }

    @Override
    public @Nullable String scan(@Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor)
            throws StoreException {
        return store.scan(afterThreadId, limit, visitor);
    }

    @Override
    public void prepare() throws StoreException {
        store.prepare();
    }

    @Override
    public void commit(Batch batch) throws StoreException {
        store.commit(batch);
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
