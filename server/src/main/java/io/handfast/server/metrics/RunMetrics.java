package io.handfast.server.metrics;

import io.handfast.protocol.EventType;
import io.handfast.run.RunObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts runs, and writes a line where an agent or the log did not do what it should. */
public final class RunMetrics implements RunObserver {
    private static final Logger LOG = LoggerFactory.getLogger("io.handfast.run");

    private final MeterRegistry registry;
    private final Counter refused;

    public RunMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.refused = Counter.builder("handfast.runs.appends.refused")
                .description("Appends of runs that the log refused, and that are tried again")
                .register(registry);
    }

    @Override
    public void started(String runId, String agent) {
        count("handfast.runs.started", "Runs whose agent began to work", agent);
    }

    @Override
    public void ended(String runId, String agent, EventType terminal, long durationNanos) {
        Timer.builder("handfast.runs.ended")
                .description("Runs by their terminal event, and how long their agents worked")
                .tags("agent", agent, "ending", terminal.wireName())
                .register(registry)
                .record(Duration.ofNanos(durationNanos));
    }

    @Override
    public void lateEvent(String runId, String agent) {
        count("handfast.runs.late.events", "Events that agents emitted after the end of their run", agent);
    }

    @Override
    public void agentThrew(String runId, String agent, Throwable cause) {
        LOG.atWarn()
                .addKeyValue("run", runId)
                .addKeyValue("agent", agent)
                .setCause(cause)
                .log("an agent failed");
    }

    @Override
    public void appendRefused(String runId, String message) {
        refused.increment();
        LOG.atWarn().addKeyValue("run", runId).addKeyValue("why", message).log("the log refused events of a run");
    }

    private void count(String name, String description, String agent) {
        Counter.builder(name)
                .description(description)
                .tag("agent", agent)
                .register(registry)
                .increment();
    }
}
