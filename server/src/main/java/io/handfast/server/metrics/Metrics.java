package io.handfast.server.metrics;

import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.readiness.Profile;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** All meters of one server, and the page on which Prometheus finds them. */
public final class Metrics implements AutoCloseable {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final ConnectionMetrics connections;
    private final RunMetrics runs;
    private final LogMetrics log;

    public Metrics(Profile profile) {
        this.connections = new ConnectionMetrics(registry, profile);
        this.runs = new RunMetrics(registry);
        this.log = new LogMetrics(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    public ConnectionMetrics connections() {
        return connections;
    }

    public RunMetrics runs() {
        return runs;
    }

    public LogMetrics log() {
        return log;
    }

    /** {@code GET /metrics}; collecting takes milliseconds, which an event loop does not have. */
    public HttpRoute route(Executor executor) {
        return HttpRoute.open(
                "GET",
                "/metrics",
                call -> CompletableFuture.supplyAsync(
                        () -> new HttpReply.Content(
                                200,
                                TYPE,
                                Map.of("Cache-Control", "no-store"),
                                registry.scrape().getBytes(StandardCharsets.UTF_8)),
                        executor));
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
