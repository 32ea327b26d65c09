package io.handfast.rocksdb;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.message;
import static io.handfast.log.LogUnderTest.started;
import static io.handfast.log.LogUnderTest.toolCompleted;
import static io.handfast.log.LogUnderTest.toolExecuting;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.Posted;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * A process that writes to a log until it is killed, and says on standard output what was acknowledged to it and what its
 * readers saw. Arguments: directory, durability, seed, a prefix for names.
 */
final class CrashVictim {
    private static final int WORKERS = 3;

    private final LogUnderTest log;
    private final String prefix;

    /** By thread: how far the reader of the watcher has come. */
    private final Map<String, Cursor> seen = new HashMap<>();

    private CrashVictim(LogUnderTest log, String prefix) {
        this.log = log;
        this.prefix = prefix;
    }

    public static void main(String[] args) throws Exception {
        RocksThreadLog opened = RocksThreadLog.open(
                RocksSettings.of(Path.of(args[0]), Durability.valueOf(args[1])),
                LogLimits.forDisk(),
                Clock.systemUTC(),
                LogObserver.NONE);
        CrashVictim victim = new CrashVictim(new LogUnderTest(opened.log()), args[3]);
        for (int i = 0; i < WORKERS; i++) {
            ThreadHead head = victim.log.claim("t" + i, "ann");
            victim.seen.put("t" + i, new Cursor(head.epoch(), head.headSeq()));
        }
        opened.log().watch(moved -> moved.forEach(victim::look));
        for (int i = 0; i < WORKERS; i++) {
            Random random = new Random(Long.parseLong(args[2]) + i);
            String threadId = "t" + i;
            new Thread(() -> victim.work(threadId, random)).start();
        }
    }

    private static synchronized void say(String what) {
        System.out.println(what);
    }

    /** Called by the log's writer, for one commit at a time. */
    private void look(String threadId) {
        Cursor cursor = seen.get(threadId);
        if (cursor != null && log.log().tail(threadId, cursor, 1 << 20) instanceof Slice.Events events) {
            for (Entry entry : events.entries()) {
                say("saw " + threadId + " " + cursor.epoch() + " " + entry.seq() + " " + Arrays.hashCode(entry.json()));
                seen.put(threadId, new Cursor(cursor.epoch(), entry.seq()));
            }
        }
    }

    private void work(String threadId, Random random) {
        for (int n = 0; ; n++) {
            String messageId = prefix + "-m" + n;
            String runId = prefix + "-" + threadId + "-r" + n;
            Posted posted = log.done(log.log().post(message(threadId, "ann", messageId, runId)));
            say("posted " + threadId + " " + messageId + " " + posted.seq() + " " + runId);
            log.append(threadId, runId, started(), toolExecuting("a"), toolExecuting("b"));
            for (int c = random.nextInt(20); c > 0; c--) {
                log.append(threadId, runId, chunk("word " + c));
            }
            log.append(threadId, runId, toolCompleted("a"));
            long end = log.append(threadId, runId, completed()).seq();
            say("ended " + threadId + " " + runId + " " + end);
        }
    }
}
