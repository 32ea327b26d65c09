package io.handfast.rocksdb;

import io.handfast.log.Batch;
import io.handfast.log.Batch.ThreadChange;
import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Turns a batch of the log into the rows of one write of the engine. */
final class BatchEncoder {
    private static final byte[] NOTHING = new byte[0];

    private final Engine engine;
    private final Rows rows;
    private final int records;
    private final int events;

    BatchEncoder(Engine engine, Rows rows) {
        this.engine = engine;
        this.rows = rows;
        this.records = engine.records().getID();
        this.events = engine.events().getID();
    }

    void encode(Batch batch) throws StoreException {
        try {
            for (ThreadChange change : batch.threads()) {
                encode(change);
            }
            for (MessageRecord message : batch.messages()) {
                rows.put(records, Keys.message(message.incarnation(), message.messageId()), Records.of(message));
            }
            for (RunState run : batch.runs()) {
                encode(run);
            }
        } catch (RocksDBException e) {
            throw engine.failed("written", e);
        }
    }

    private void encode(ThreadChange change) throws RocksDBException, StoreException {
        ThreadRecord before = change.before();
        ThreadRecord after = change.after();
        boolean listed = before != null && before.activeMicros() > 0;
        if (before != null && listed && (after == null || after.activeMicros() != before.activeMicros())) {
            rows.delete(records, Keys.active(before.ownerId(), before.activeMicros(), before.threadId()));
        }
        if (after == null) {
            if (before != null) {
                delete(before);
            }
            return;
        }
        for (Entry entry : change.appended()) {
            RecordWriter row = rows.put(events, Keys.eventBytes(after));
            Keys.event(row, after, entry.seq());
            Records.of(entry, row);
        }
        if (before != null && after.oldestSeq() > before.oldestSeq()) {
            rows.deleteRange(events, Keys.event(after, before.oldestSeq()), Keys.event(after, after.oldestSeq()));
        }
        if (RecordLag.over(before, after)) {
            rows.put(records, Keys.thread(after.threadId()), Records.of(after));
        }
        if (after.activeMicros() > 0 && (before == null || after.activeMicros() != before.activeMicros())) {
            rows.put(records, Keys.active(after.ownerId(), after.activeMicros(), after.threadId()), NOTHING);
        }
    }

    private void delete(ThreadRecord thread) throws RocksDBException, StoreException {
        rows.delete(records, Keys.thread(thread.threadId()));
        byte[] own = Keys.events(thread.incarnation());
        rows.deleteRange(events, own, Keys.behind(own));
        byte[] messages = Keys.messages(thread.incarnation());
        rows.deleteRange(records, messages, Keys.behind(messages));
        byte[] runs = Keys.runsOfThread(thread.incarnation());
        try (ReadOptions reading = new ReadOptions();
                RocksIterator all = engine.db().newIterator(engine.records(), reading)) {
            for (all.seek(runs); all.isValid() && startsWith(all.key(), runs); all.next()) {
                byte[] key = all.key();
                String runId = new String(key, runs.length, key.length - runs.length, StandardCharsets.US_ASCII);
                byte[] value = engine.db().get(engine.records(), Keys.run(runId));
                if (value != null) {
                    rows.delete(records, Keys.openRun(Records.run(runId, value)));
                }
                rows.delete(records, Keys.run(runId));
            }
            all.status();
        }
        rows.deleteRange(records, runs, Keys.behind(runs));
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private void encode(RunState run) {
        rows.put(records, Keys.run(run.runId()), Records.of(run));
        // One batch may open a run, start it and end it, so no state stands for "just opened": these keys are written
        // again.
        rows.put(records, Keys.runOfThread(run), NOTHING);
        if (run.ended()) {
            rows.delete(records, Keys.openRun(run));
        } else {
            rows.put(records, Keys.openRun(run), NOTHING);
        }
    }
}
