package io.handfast.log;

import java.util.List;
import java.util.Optional;

/** Reads from the store what is not in memory, with the same answers. Blocks; any thread may call. */
final class LogReader {
    private final Store store;

    LogReader(Store store) {
        this.store = store;
    }

    Optional<ThreadHead> head(String threadId) throws StoreException {
        ThreadRecord record = store.thread(threadId);
        return record == null ? Optional.empty() : Optional.of(ResidentThread.headOf(record, epochOf(record)));
    }

    private String epochOf(ThreadRecord record) {
        return Workspace.epoch(record.incarnation(), store.generation());
    }

    Slice load(String threadId, Cursor after, int maxBytes) throws StoreException {
        ThreadRecord record = store.thread(threadId);
        if (record == null || !epochOf(record).equals(after.epoch())) {
            return Workspace.epochOver(after, record);
        }
        long from = after.seq() + 1;
        if (from > record.headSeq()) {
            return new Slice.Events(List.of(), false);
        }
        if (from < record.oldestSeq()) {
            return new Slice.Trimmed(ResidentThread.headOf(record, epochOf(record)));
        }
        List<Entry> entries = store.read(record, from, record.headSeq(), maxBytes);
        if (entries.isEmpty() || entries.get(0).seq() != from) {
            return overtaken(threadId, after);
        }
        return new Slice.Events(entries, entries.get(entries.size() - 1).seq() < record.headSeq());
    }

    /** What was there when the record was read is gone: trimmed or deleted in between, or lost by the store. */
    private Slice overtaken(String threadId, Cursor after) throws StoreException {
        ThreadRecord now = store.thread(threadId);
        if (now == null || !epochOf(now).equals(after.epoch())) {
            return Workspace.epochOver(after, now);
        }
        if (after.seq() + 1 < now.oldestSeq()) {
            return new Slice.Trimmed(ResidentThread.headOf(now, epochOf(now)));
        }
        throw new StoreException("event " + (after.seq() + 1) + " of thread " + threadId
                + " is missing in the store, which claims to have " + now.oldestSeq() + " to " + now.headSeq());
    }
}
