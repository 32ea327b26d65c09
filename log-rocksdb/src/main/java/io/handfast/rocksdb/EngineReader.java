package io.handfast.rocksdb;

import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/** Reads records and ranges of an opened engine. */
final class EngineReader {
    private final Engine engine;

    EngineReader(Engine engine) {
        this.engine = engine;
    }

    private byte @Nullable [] get(byte[] key) throws StoreException {
        try {
            return engine.db().get(engine.records(), key);
        } catch (RocksDBException e) {
            throw engine.failed("read", e);
        }
    }

    @Nullable
    ThreadRecord thread(String threadId) throws StoreException {
        byte[] value = get(Keys.thread(threadId));
        return value == null ? null : madeUp(Records.thread(threadId, value));
    }

    private ThreadRecord madeUp(ThreadRecord record) throws StoreException {
        if (!RecordLag.possible(record)) {
            return record;
        }
        List<Entry> behind = new ArrayList<>();
        range(
                engine.events(),
                Keys.event(record, record.headSeq() + 1),
                Keys.behind(Keys.events(record.incarnation())),
                (key, value) -> behind.add(Records.entry(Keys.seq(key), value)));
        return RecordLag.madeUp(record, behind);
    }

    @Nullable
    MessageRecord message(ThreadRecord thread, String messageId) throws StoreException {
        byte[] value = get(Keys.message(thread.incarnation(), messageId));
        return value == null ? null : Records.message(thread, messageId, value);
    }

    @Nullable
    RunState run(String runId) throws StoreException {
        byte[] value = get(Keys.run(runId));
        return value == null ? null : Records.run(runId, value);
    }

    List<RunState> openRuns() throws StoreException {
        List<RunState> runs = new ArrayList<>();
        byte[] prefix = Keys.openRuns();
        range(engine.records(), prefix, Keys.behind(prefix), (key, value) -> {
            String runId = Keys.openRunId(key);
            RunState run = run(runId);
            if (run == null) {
                throw new StoreException("run " + runId + " is listed as open, and has no record");
            }
            runs.add(run);
            return true;
        });
        return runs;
    }

    List<Entry> events(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        List<Entry> entries = new ArrayList<>();
        long[] bytes = {0};
        range(engine.events(), Keys.event(thread, fromSeq), Keys.event(thread, toSeq + 1), (key, value) -> {
            Entry entry = Records.entry(Keys.seq(key), value);
            bytes[0] += entry.json().length;
            boolean fits = entries.isEmpty() || bytes[0] <= maxBytes;
            boolean next = entries.isEmpty()
                    || entry.seq() == entries.get(entries.size() - 1).seq() + 1;
            if (fits && next) {
                entries.add(entry);
            }
            return fits && next;
        });
        return entries;
    }

    List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit) throws StoreException {
        List<ThreadRecord> threads = new ArrayList<>();
        byte[] prefix = Keys.activeOf(ownerId);
        byte[] from = after == null
                ? prefix
                : new RecordWriter()
                        .raw(Keys.active(ownerId, after.activeMicros(), after.threadId()))
                        .octet(0)
                        .toBytes();
        range(engine.records(), from, Keys.behind(prefix), (key, value) -> {
            ThreadRecord thread = thread(Keys.activeThreadId(key, prefix));
            if (thread != null) {
                threads.add(thread);
            }
            return threads.size() < limit;
        });
        return threads;
    }

    @Nullable
    String scan(@Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor) throws StoreException {
        byte[] prefix = Keys.threads();
        byte[] from = afterThreadId == null
                ? prefix
                : new RecordWriter().raw(Keys.thread(afterThreadId)).octet(0).toBytes();
        List<String> seen = new ArrayList<>();
        range(engine.records(), from, Keys.behind(prefix), (key, value) -> {
            String threadId = Keys.threadId(key);
            visitor.accept(madeUp(Records.thread(threadId, value)));
            seen.add(threadId);
            return seen.size() < limit;
        });
        return seen.size() < limit ? null : seen.get(seen.size() - 1);
    }

    private interface Row {
        /** Answers whether to go on. */
        boolean take(byte[] key, byte[] value) throws StoreException;
    }

    private void range(ColumnFamilyHandle family, byte[] from, byte[] to, Row row) throws StoreException {
        try (Slice bound = new Slice(to);
                ReadOptions reading = new ReadOptions().setIterateUpperBound(bound);
                RocksIterator rows = engine.db().newIterator(family, reading)) {
            rows.seek(from);
            while (rows.isValid() && row.take(rows.key(), rows.value())) {
                rows.next();
            }
            rows.status();
        } catch (RocksDBException e) {
            throw engine.failed("read", e);
        }
    }
}
