package io.handfast.log;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What {@link EmbeddedThreadLog} needs of an engine: records by key, ranges of events, and one atomic write. All rules of
 * the log (order, idempotency, retention, epochs) live above it, so an engine decides nothing.
 *
 * <p>Methods block, and may be called from any thread; {@link #commit} is called by one thread at a time. After a commit
 * that failed, the engine may hold all of its batch or nothing of it: what it answers after the next {@link #prepare} is
 * the truth, and the log asks again.
 */
public interface Store extends AutoCloseable {
    /**
     * Names the stretch of time over which this store can prove that it lost nothing that it ever committed; part of every
     * epoch. Opaque, without {@code :}; does not change while the store is open.
     */
    String generation();

    /** The thread, or null when there is none. */
    @Nullable
    ThreadRecord thread(String threadId) throws StoreException;

    /** Where the message of this thread stands, or null when it is not known. */
    @Nullable
    MessageRecord message(ThreadRecord thread, String messageId) throws StoreException;

    /** The run, open or ended, or null when it is not known. */
    @Nullable
    RunState run(String runId) throws StoreException;

    /** All runs without a terminal event, in the order in which they were opened. */
    List<RunState> openRuns() throws StoreException;

    /**
     * Reads events in order of {@code seq}, without a hole: at most {@code maxBytes} of JSON, but one event at least. May
     * begin behind {@code fromSeq} or be empty when the thread was trimmed or deleted meanwhile.
     *
     * @param toSeq inclusive
     */
    List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException;

    /**
     * Threads of an owner that have been active, the most recently active first.
     *
     * @param after the last thread of the page before; null for the first page
     */
    List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit) throws StoreException;

    /**
     * Shows up to {@code limit} threads behind {@code afterThreadId}, in an order of the engine's choosing that does not
     * change, and answers the last one's id, or null when that was all. The visitor does not call the store.
     *
     * @param afterThreadId null to begin
     */
    @Nullable
    String scan(@Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor) throws StoreException;

    /**
     * Called by the writer before it decides a batch. After a commit that failed this is where the engine finds out what
     * became of it, and recovers; until that succeeds, nothing is decided. Reads go on meanwhile, on what was committed
     * before.
     */
    default void prepare() throws StoreException {}

    /** Writes all of the batch or nothing of it; returns when it is as durable as configured. */
    void commit(Batch batch) throws StoreException;

    /** Releases everything; a durable store marks that it was closed cleanly. */
    @Override
    void close() throws StoreException;
}
