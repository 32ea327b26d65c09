package io.handfast.log;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that fails when the test says so. */
public final class FaultyStore implements Store {
    private final Store store;
    private volatile Fault commits = Fault.NONE;
    private volatile boolean readsFail;
    private final AtomicInteger commitsSeen = new AtomicInteger();

    /** What a commit does. */
    public enum Fault {
        NONE,
        /** It fails, and wrote nothing. */
        LOST,
        /** It fails, and was written all the same: the answer got lost, not the write. */
        WRITTEN
    }

    public FaultyStore(Store store) {
        this.store = store;
    }

    public void commits(Fault fault) {
        commits = fault;
    }

    public void readsFail(boolean fail) {
        readsFail = fail;
    }

    /** How often a commit was asked for. */
    public int commitsSeen() {
        return commitsSeen.get();
    }

    private Store readable() throws StoreException {
        if (readsFail) {
            throw new StoreException("scripted: the store cannot be read");
        }
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
    public void commit(Batch batch) throws StoreException {
        commitsSeen.incrementAndGet();
        Fault fault = commits;
        if (fault != Fault.LOST) {
            store.commit(batch);
        }
        if (fault != Fault.NONE) {
            throw new StoreException("scripted: the store cannot be written");
        }
    }

    @Override
    public void close() throws StoreException {
        store.close();
    }
}
