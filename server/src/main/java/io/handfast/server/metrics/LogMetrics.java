package io.handfast.server.metrics;

import io.handfast.log.LogObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts what the log of the threads does, and writes a line where it fails. */
public final class LogMetrics implements LogObserver {
    private static final Logger LOG = LoggerFactory.getLogger("io.handfast.log");

    private final Counter appended;
    private final Counter appendedBytes;
    private final Counter commits;
    private final Counter failed;
    private final Counter trimmed;
    private final AtomicLong retained = new AtomicLong();

    /** Whether the last batch was not committed. Touched by the log's writer. */
    private boolean refusing;

    public LogMetrics(MeterRegistry registry) {
        this.appended = counter(registry, "handfast.events.appended", "Events that were committed");
        this.appendedBytes = counter(registry, "handfast.events.appended.bytes", "Bytes of events that were committed");
        this.commits = counter(registry, "handfast.log.commits", "Batches that were committed");
        this.failed = counter(registry, "handfast.log.failures", "Commits and reads of the log that failed");
        this.trimmed = counter(registry, "handfast.events.trimmed", "Events that retention dropped");
        Gauge.builder("handfast.log.retained.bytes", retained, AtomicLong::doubleValue)
                .description("Bytes of events that all threads retain together")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void epochsBegun(String why) {
        LOG.atWarn().addKeyValue("why", why).log("all threads begin new epochs, and tell their readers of a gap");
    }

    @Override
    public void committed(int requests, int events, long bytes) {
        if (refusing) {
            refusing = false;
            LOG.info("the log takes appends again");
        }
        commits.increment();
        appended.increment(events);
        appendedBytes.increment((double) bytes);
    }

    @Override
    public void commitFailed(int requests, Throwable cause) {
        failed.increment();
        // A full disk refuses every append: one line when it begins, and one when it is over.
        LOG.atLevel(refusing ? Level.DEBUG : Level.ERROR)
                .addKeyValue("requests", requests)
                .setCause(cause)
                .log("the log takes no appends: {}", cause.getMessage());
        refusing = true;
    }

    @Override
    public void readFailed(Exception cause) {
        failed.increment();
        LOG.atError().setCause(cause).log("the log could not be read");
    }

    @Override
    public void watcherFailed(RuntimeException cause) {
        LOG.atError().setCause(cause).log("a watcher of the log failed");
    }

    @Override
    public void trimmed(String threadId, long fromSeq, long toSeq) {
        trimmed.increment((double) (toSeq - fromSeq + 1));
    }

    @Override
    public void retained(long bytes) {
        retained.set(bytes);
    }
}
