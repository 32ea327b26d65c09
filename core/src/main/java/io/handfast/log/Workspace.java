package io.handfast.log;

import io.handfast.log.Batch.ThreadChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one batch has decided so far: the assigned state, laid over the committed one. When the batch is not committed the
 * workspace is dropped, and with it everything that was assigned in it.
 */
final class Workspace {
    private static final int READ_BYTES = 256 * 1024;

    private final Store store;
    private final ResidentThreads resident;
    private final LogLimits limits;
    private final Supplier<String> incarnations;
    private final String generation;
    private final long nowMicros;
    private final Map<String, ThreadDraft> threads = new LinkedHashMap<>();
    private final Map<MessageKey, MessageRecord> messages = new LinkedHashMap<>();
    private final Map<String, RunState> runs = new LinkedHashMap<>();

    Workspace(Store store, ResidentThreads resident, LogLimits limits, Supplier<String> incarnations, long nowMicros) {
        this.store = store;
        this.resident = resident;
        this.limits = limits;
        this.incarnations = incarnations;
        this.generation = store.generation();
        this.nowMicros = nowMicros;
    }

    private record MessageKey(String threadId, String messageId) {}

    LogLimits limits() {
        return limits;
    }

    long nowMicros() {
        return nowMicros;
    }

    /** The thread, or null when there is none. */
    @Nullable
    ThreadDraft thread(String threadId) throws StoreException {
        ThreadDraft draft = threads.get(threadId);
        if (draft != null) {
            return draft;
        }
        ResidentThread inMemory = resident.find(threadId);
        ThreadRecord record = inMemory != null ? inMemory.committed() : store.thread(threadId);
        if (record == null) {
            return null;
        }
        draft = new ThreadDraft(record);
        threads.put(threadId, draft);
        return draft;
    }

    ThreadDraft create(String threadId, String ownerId) {
        ThreadDraft draft = new ThreadDraft(threadId, ownerId, incarnations.get());
        threads.put(threadId, draft);
        return draft;
    }

    @Nullable
    MessageRecord message(String threadId, ThreadDraft thread, String messageId) throws StoreException {
        MessageRecord assigned = messages.get(new MessageKey(threadId, messageId));
        return assigned != null ? assigned : store.message(thread.toRecord(), messageId);
    }

    void put(MessageRecord message) {
        messages.put(new MessageKey(message.threadId(), message.messageId()), message);
    }

    /** The run of this thread, or null when there is none. */
    @Nullable
    RunState run(String threadId, ThreadDraft thread, String runId) throws StoreException {
        RunState run = runs.get(runId);
        if (run == null) {
            ResidentThread inMemory = resident.find(threadId);
            run = inMemory == null ? null : inMemory.openRuns().get(runId);
        }
        if (run == null) {
            run = store.run(runId);
        }
        boolean ofThread = run != null
                && run.threadId().equals(threadId)
                && run.incarnation().equals(thread.incarnation());
        return ofThread ? run : null;
    }

    /** The run with this id, whatever its thread, or null when there is none. */
    @Nullable
    RunState run(String runId) throws StoreException {
        RunState assigned = runs.get(runId);
        return assigned != null ? assigned : store.run(runId);
    }

    /** The events of a thread behind a {@code seq} that the store has, without those that this batch adds. */
    List<Entry> committedBehind(String threadId, long afterSeq) throws StoreException {
        List<Entry> entries = new ArrayList<>();
        ThreadRecord record = store.thread(threadId);
        long seq = record == null ? afterSeq : Math.max(afterSeq, record.oldestSeq() - 1);
        while (record != null && seq < record.headSeq()) {
            List<Entry> piece = store.read(record, seq + 1, record.headSeq(), READ_BYTES);
            if (piece.isEmpty()) {
                break;
            }
            entries.addAll(piece);
            seq = piece.get(piece.size() - 1).seq();
        }
        return entries;
    }

    void put(RunState run) {
        runs.put(run.runId(), run);
    }

    String generation() {
        return generation;
    }

    String epochOf(String incarnation) {
        return epoch(incarnation, generation);
    }

    /** The epoch of a thread: over when the thread is deleted, and when the store cannot prove that it lost nothing. */
    static String epoch(String incarnation, String generation) {
        return incarnation + "-" + generation;
    }

    /** Why a cursor is not in the epoch of the thread that has its name now, if there is one. */
    static Slice epochOver(Cursor cursor, @Nullable ThreadRecord now) {
        boolean sameThread = now != null && cursor.epoch().startsWith(epoch(now.incarnation(), ""));
        return sameThread ? new Slice.Replaced() : new Slice.Deleted();
    }

    /** All threads that were looked at. */
    Set<String> threadIds() {
        return threads.keySet();
    }

    /** The threads that were looked at and not changed: worth keeping in memory. */
    List<ThreadRecord> unchanged() {
        List<ThreadRecord> unchanged = new ArrayList<>();
        for (ThreadDraft thread : threads.values()) {
            if (!thread.changed()) {
                unchanged.add(thread.toRecord());
            }
        }
        return unchanged;
    }

    Batch toBatch() {
        List<ThreadChange> changes = new ArrayList<>(threads.size());
        for (ThreadDraft thread : threads.values()) {
            if (thread.changed()) {
                changes.add(thread.toChange());
            }
        }
        return new Batch(changes, List.copyOf(messages.values()), List.copyOf(runs.values()));
    }
}
