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
import org.rocksdb.WriteBatch;

/** Turns a batch of the log into one write of the engine. */
final class BatchEncoder {
    private static final byte[] NOTHING = new byte[0];

    private final Engine engine;
    private final WriteBatch write;

    BatchEncoder(Engine engine, WriteBatch write) {
        this.engine = engine;
        this.write = write;
    }

    void encode(Batch batch) throws StoreException {
        try {
            for (ThreadChange change : batch.threads()) {
                encode(change);
            }
            for (MessageRecord message : batch.messages()) {
                write.put(
                        engine.records(),
                        Keys.message(message.incarnation(), message.messageId()),
                        Records.of(message));
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
            write.delete(engine.records(), Keys.active(before.ownerId(), before.activeMicros(), before.threadId()));
        }
        if (after == null) {
            if (before != null) {
                delete(before);
            }
            return;
        }
        for (Entry entry : change.appended()) {
            write.put(engine.events(), Keys.event(after, entry.seq()), Records.of(entry));
        }
        if (before != null && after.oldestSeq() > before.oldestSeq()) {
            write.deleteRange(
                    engine.events(), Keys.event(after, before.oldestSeq()), Keys.event(after, after.oldestSeq()));
        }
        write.put(engine.records(), Keys.thread(after.threadId()), Records.of(after));
        if (after.activeMicros() > 0 && (before == null || after.activeMicros() != before.activeMicros())) {
            write.put(engine.records(), Keys.active(after.ownerId(), after.activeMicros(), after.threadId()), NOTHING);
        }
    }

    private void delete(ThreadRecord thread) throws RocksDBException, StoreException {
        write.delete(engine.records(), Keys.thread(thread.threadId()));
        byte[] events = Keys.events(thread.incarnation());
        write.deleteRange(engine.events(), events, Keys.behind(events));
        byte[] messages = Keys.messages(thread.incarnation());
        write.deleteRange(engine.records(), messages, Keys.behind(messages));
        byte[] runs = Keys.runsOfThread(thread.incarnation());
        try (ReadOptions reading = new ReadOptions();
                RocksIterator all = engine.db().newIterator(engine.records(), reading)) {
            for (all.seek(runs); all.isValid() && startsWith(all.key(), runs); all.next()) {
                byte[] key = all.key();
                String runId = new String(key, runs.length, key.length - runs.length, StandardCharsets.US_ASCII);
                byte[] value = engine.db().get(engine.records(), Keys.run(runId));
                if (value != null) {
                    write.delete(engine.records(), Keys.openRun(Records.run(runId, value)));
                }
                write.delete(engine.records(), Keys.run(runId));
            }
            all.status();
        }
        write.deleteRange(engine.records(), runs, Keys.behind(runs));
    }

    static boolean startsWith(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    private void encode(RunState run) throws RocksDBException {
        write.put(engine.records(), Keys.run(run.runId()), Records.of(run));
        // One batch may open a run, start it and end it, so no state stands for "just opened": these keys are written
        // again.
        write.put(engine.records(), Keys.runOfThread(run), NOTHING);
        if (run.ended()) {
            write.delete(engine.records(), Keys.openRun(run));
        } else {
            write.put(engine.records(), Keys.openRun(run), NOTHING);
        }
    }
}
