package io.handfast.rocksdb;

import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A durable log with the threads it needs: one that writes, a few that read, one that looks after retention. */
public final class RocksThreadLog implements AutoCloseable {
    private static final int LOADERS = 4;
    private static final long SWEEP_SECONDS = 60;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final RocksStore store;
    private final EmbeddedThreadLog log;
    private final ExecutorService writer;
    private final ExecutorService loads;
    private final ScheduledExecutorService sweeps;

    /**
     * Opens the log of a directory.
     *
     * @throws StoreException when another server uses it, or it is damaged; the message says how to go on
     */
    public static RocksThreadLog open(RocksSettings settings, LogLimits limits, Clock clock, LogObserver observer)
            throws StoreException {
        RocksStore store = RocksStore.open(settings);
        store.doubt().ifPresent(observer::epochsBegun);
        return new RocksThreadLog(store, limits, clock, observer);
    }

    private RocksThreadLog(RocksStore store, LogLimits limits, Clock clock, LogObserver observer) {
        this.store = store;
        this.writer = Executors.newSingleThreadExecutor(named("handfast-log-writer"));
        this.loads = Executors.newFixedThreadPool(LOADERS, named("handfast-log-reader"));
        this.sweeps = Executors.newSingleThreadScheduledExecutor(named("handfast-log-sweeper"));
        this.log = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                store, writer, loads, () -> micros(clock), EmbeddedThreadLog::randomName, limits, observer));
        var unused = sweeps.scheduleWithFixedDelay(this::sweep, 0, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    private void sweep() {
        CompletionStage<Boolean> unused = log.sweep();
    }

    private static long micros(Clock clock) {
        Instant now = clock.instant();
        return now.getEpochSecond() * MICROS_PER_SECOND + now.getNano() / NANOS_PER_MICRO;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    public ThreadLog log() {
        return log;
    }

    /** See {@link RocksStore#backUp}. */
    public void backUp(Path target) throws StoreException {
        store.backUp(target);
    }

    /** Closes the log, then its threads. Blocks until all that waits is committed. */
    @Override
    public void close() {
        sweeps.shutdownNow();
        try {
            log.close();
        } finally {
            writer.shutdown();
            loads.shutdown();
        }
    }
}
