package io.handfast.bench.log;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.rocksdb.CompressionType;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The engine alone, with nothing of Handfast around it: one thread puts ready-made events of the same bytes in batches, and
 * syncs each. No order is checked, no head or idempotency key is kept, nobody is answered: the floor for a log on this engine.
 */
final class BareEngine {
    private static final int BUFFER_BYTES = 64 << 20;
    private static final int VALUES = 4_096;

    /** What the log writes before an event's JSON: version, type, and a run's id with its length. */
    private static final int VALUE_HEAD_BYTES = 4;

    private BareEngine() {}

    /** Puts events for so long. Keys are as long as the log's: incarnation, zero, seq. */
    static Round run(Path directory, int batchEvents, Duration duration) throws RocksDBException {
        RocksDB.loadLibrary();
        byte[][] values = values();
        ByteBuffer key = ByteBuffer.allocate(13 + 1 + Long.BYTES);
        key.put("1a2b3c4d5e6f7".getBytes(StandardCharsets.US_ASCII));
        int seqAt = 13 + 1;
        Histogram latencies = new Histogram(3);
        try (Options options = new Options()
                        .setCreateIfMissing(true)
                        .setWriteBufferSize(BUFFER_BYTES)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setMaxBackgroundJobs(2)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
                WriteOptions synced = new WriteOptions().setSync(true);
                RocksDB db = RocksDB.open(options, directory.toString());
                WriteBatch batch = new WriteBatch()) {
            long cpuBefore = Round.cpuNow();
            long begin = System.nanoTime();
            long end = begin + duration.toNanos();
            long now = begin;
            long events = 0;
            while (now < end) {
                long batchBegin = now;
                batch.clear();
                for (int i = 0; i < batchEvents; i++) {
                    key.putLong(seqAt, ++events);
                    batch.put(key.array(), values[(int) (events % VALUES)]);
                }
                db.write(synced, batch);
                now = System.nanoTime();
                latencies.recordValueWithCount(now - batchBegin, batchEvents);
            }
            return new Round(events, now - begin, Round.cpuNow() - cpuBefore, latencies);
        }
    }

    private static byte[][] values() {
        Payloads payloads = ScratchLog.payloads();
        Conversation conversation = ScratchLog.conversation(0);
        byte[][] values = new byte[VALUES][];
        for (int i = 0; i < VALUES; i++) {
            EventDraft draft = payloads.next().get(0);
            byte[] json = EventEncoder.encode(
                    EventType.AGENT_RESPONSE_CHUNK,
                    conversation.threadId(),
                    1_000 + i,
                    1_763_840_000_000_000L + i,
                    conversation.runId(),
                    draft.payload());
            byte[] runId = conversation.runId().getBytes(StandardCharsets.US_ASCII);
            values[i] = ByteBuffer.allocate(VALUE_HEAD_BYTES + runId.length + json.length)
                    .putInt(0)
                    .put(runId)
                    .put(json)
                    .array();
        }
        return values;
    }
}
