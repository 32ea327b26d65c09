package io.handfast.server;

import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.MemoryStore;
import io.handfast.log.ThreadLog;
import io.handfast.server.config.Settings;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The log of the threads, with the executors that it works on: one for its writer, some for reads of the past. */
final class LogEngine implements AutoCloseable {
    private static final int LOAD_THREADS = 2;
    private static final long PATIENCE_SECONDS = 1;

    private final ExecutorService writer;
    private final ExecutorService loads;
    private final ThreadLog log;

    private LogEngine(ExecutorService writer, ExecutorService loads, ThreadLog log) {
        this.writer = writer;
        this.loads = loads;
        this.log = log;
    }

    /** Opens the log that {@code handfast.log} names. */
    static LogEngine open(Settings settings, LogObserver observer) throws StartFailedException {
        String log = settings.log();
        if (!log.equals("memory")) {
            throw new StartFailedException(
                    "handfast.log is '" + log + "', which this version cannot open yet; allowed: memory");
        }
        ExecutorService writer = Executors.newSingleThreadExecutor(new NamedThreads("handfast-log"));
        ExecutorService loads = Executors.newFixedThreadPool(LOAD_THREADS, new NamedThreads("handfast-load"));
        EmbeddedThreadLog.Setup setup = new EmbeddedThreadLog.Setup(
                new MemoryStore(EmbeddedThreadLog.randomName()),
                writer,
                loads,
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                EmbeddedThreadLog::randomName,
                LogLimits.forMemory(),
                observer);
        return new LogEngine(writer, loads, new EmbeddedThreadLog(setup));
    }

    ThreadLog log() {
        return log;
    }

    /** For what may take a moment and must not hold up an event loop. */
    ExecutorService loads() {
        return loads;
    }

    @Override
    public void close() {
        log.close();
        writer.shutdown();
        loads.shutdown();
        try {
            boolean ended = writer.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    && loads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                writer.shutdownNow();
                loads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
