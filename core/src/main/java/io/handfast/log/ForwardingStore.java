package io.handfast.log;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store before another one, to which every call goes on unless a subclass says otherwise. For the same threads as that one. */
public abstract class ForwardingStore implements Store {
    private final Store store;

    protected ForwardingStore(Store store) {
        this.store = store;
    }

    /**
     * The store behind this one, for a call that reads.
     *
     * @throws StoreException when it is not to answer; the call fails with it
     */
    protected Store readable() throws StoreException {
        return store;
    }

    @Override
    public String generation() {
        return store.generation();
    }

    @Override
    public @Nullable ThreadRecord thread(String threadId) throws StoreException {
        return readable().thread(threadId);
    }

    @Override
    public @Nullable MessageRecord message(ThreadRecord thread, String messageId) throws StoreException {
        return readable().message(thread, messageId);
    }

    @Override
    public @Nullable RunState run(String runId) throws StoreException {
        return readable().run(runId);
    }

    @Override
    public List<RunState> openRuns() throws StoreException {
        return readable().openRuns();
    }

    @Override
    public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        return readable().read(thread, fromSeq, toSeq, maxBytes);
    }

    @Override
    public List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit)
            throws StoreException {
        return readable().threadsOf(ownerId, after, limit);
    }

    @Override
    public @Nullable String scan(@Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor)
            throws StoreException {
        return readable().scan(afterThreadId, limit, visitor);
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
