package io.handfast.sim.world;

import io.handfast.log.Batch;
import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadSummary;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store before another one, to be faulty in one point. */
class StoreBehind implements Store {
    private final Store store;

    StoreBehind(Store store) {
        this.store = store;
    }

    @Override
    public String generation() {
        return store.generation();
    }

    @Override
    public @Nullable ThreadRecord thread(String threadId) throws StoreException {
        return store.thread(threadId);
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
    public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        return store.read(thread, fromSeq, toSeq, maxBytes);
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
