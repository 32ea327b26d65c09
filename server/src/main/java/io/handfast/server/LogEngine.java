package io.handfast.server;

import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.MemoryStore;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadLog;
import io.handfast.rocksdb.RocksSettings;
import io.handfast.rocksdb.RocksThreadLog;
import io.handfast.server.config.Policies;
import io.handfast.server.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The log of the threads, and the executor for what may take a moment and must not hold up an event loop. */
final class LogEngine implements AutoCloseable {
    private static final int LOAD_THREADS = 2;
    private static final long PATIENCE_SECONDS = 1;
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(60);

    private final ExecutorService loads;
    private final ThreadLog log;
    private final @Nullable BackUp backUp;
    private final Runnable closing;

    private LogEngine(ExecutorService loads, ThreadLog log, @Nullable BackUp backUp, Runnable closing) {
        this.loads = loads;
        this.log = log;
        this.backUp = backUp;
        this.closing = closing;
    }

    /** Writes a copy of the log while it is in use. */
    @FunctionalInterface
    interface BackUp {
        /** See {@link RocksThreadLog#backUp}. */
        void to(Path target) throws StoreException;
    }

    /** Opens the log that {@code handfast.log} names. */
    static LogEngine open(Settings settings, LogObserver observer) throws StartFailedException {
        return switch (settings.log()) {
            case "memory" -> inMemory(settings, observer, BETWEEN_SWEEPS);
            case "rocksdb" -> onDisk(settings, observer);
            default -> throw new IllegalStateException("handfast.log is '" + settings.log() + "'");
        };
    }

    private static LogEngine onDisk(Settings settings, LogObserver observer) throws StartFailedException {
        try {
            RocksThreadLog rocks = RocksThreadLog.open(
                    RocksSettings.of(settings.data(), settings.durability()),
                    Policies.log(LogLimits.forDisk(), settings),
                    Clock.systemUTC(),
                    observer);
            return new LogEngine(newLoads(), rocks.log(), rocks::backUp, rocks::close);
        } catch (StoreException e) {
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    static LogEngine inMemory(Settings settings, LogObserver observer, Duration betweenSweeps) {
        ExecutorService writer = Executors.newSingleThreadExecutor(new NamedThreads("handfast-log"));
        ScheduledExecutorService sweeps =
                Executors.newSingleThreadScheduledExecutor(new NamedThreads("handfast-log-sweeper"));
        ExecutorService loads = newLoads();
        EmbeddedThreadLog log = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                new MemoryStore(EmbeddedThreadLog.randomName()),
                writer,
                loads,
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                EmbeddedThreadLog::randomName,
                Policies.log(LogLimits.forMemory(), settings),
                observer));
        var unused = sweeps.scheduleWithFixedDelay(() -> sweep(log), 0, betweenSweeps.toNanos(), TimeUnit.NANOSECONDS);
        return new LogEngine(loads, log, null, () -> {
            sweeps.shutdownNow();
            log.close();
            end(writer);
        });
    }

    private static void sweep(EmbeddedThreadLog log) {
        CompletionStage<Boolean> unused = log.sweep();
    }

    private static ExecutorService newLoads() {
        return Executors.newFixedThreadPool(LOAD_THREADS, new NamedThreads("handfast-load"));
    }

    ThreadLog log() {
        return log;
    }

    /** How to copy the log while it is in use; none in memory. */
    Optional<BackUp> backUp() {
        return Optional.ofNullable(backUp);
    }

    /** For what may take a moment and must not hold up an event loop. */
    ExecutorService loads() {
        return loads;
    }

    @Override
    public void close() {
        closing.run();
        end(loads);
    }

    private static void end(ExecutorService executor) {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
