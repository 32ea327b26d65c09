package io.handfast.server.metrics;

import io.handfast.connection.CloseCause;
import io.handfast.connection.Effect.Observation;
import io.handfast.connection.Tier;
import io.handfast.netty.GatewayMetrics;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what happens to connections (requirements R14). Labels have few values, whatever clients send: no id, and no code that a
 * peer chose.
 */
public final class ConnectionMetrics implements GatewayMetrics {
    private static final Duration[] READY_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };
    private static final double[] ATTEMPT_BUCKETS = {1, 2, 3, 4, 6, 8, 12};
    private static final double[] LAG_BUCKETS = {1, 10, 100, 1_000, 10_000, 100_000};

    private final MeterRegistry registry;
    private final Profile profile;
    private final AtomicInteger open;
    private final AtomicInteger streams;
    private final Counter delivered;
    private final Counter deliveredBytes;
    private final Counter coalesced;
    private final DistributionSummary lag;

    public ConnectionMetrics(MeterRegistry registry, Profile profile) {
        this.registry = registry;
        this.profile = profile;
        this.open = gauge("handfast.connections.open", "WebSockets that are open");
        this.streams = gauge("handfast.event.streams.open", "Event streams over HTTP that are open");
        this.delivered = Counter.builder("handfast.events.delivered")
                .description("Events written to readers")
                .register(registry);
        this.deliveredBytes = Counter.builder("handfast.events.delivered.bytes")
                .description("Bytes of events written to readers")
                .register(registry);
        this.coalesced = Counter.builder("handfast.events.coalesced")
                .description("Events that reached a reader in the frame of a later one")
                .register(registry);
        this.lag = DistributionSummary.builder("handfast.reader.lag")
                .description("Events that were sent and are not acknowledged yet, at each acknowledgement")
                .serviceLevelObjectives(LAG_BUCKETS)
                .register(registry);
    }

    private AtomicInteger gauge(String name, String description) {
        AtomicInteger value = new AtomicInteger();
        Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
        return value;
    }

    @Override
    public void connectionOpened(Strategy strategy, Tier tier) {
        open.incrementAndGet();
        count("handfast.connections.opened", "101s that were written", tags(strategy, tier));
    }

    @Override
    public void observed(Strategy strategy, Tier tier, Observation observation) {
        Tags tags = tags(strategy, tier);
        if (observation instanceof Observation.Ready ready) {
            ready(tags.and("proof", ready.proof().wireName()), ready);
        } else if (observation instanceof Observation.ProofMissed missed) {
            count(
                    "handfast.proofs.missed",
                    "Connections without proof at the deadline",
                    tags.and("outcome", missed.degraded() ? "degraded" : "closed"));
        } else if (observation instanceof Observation.LateProof late) {
            count(
                    "handfast.proofs.late",
                    "Proofs that came after the connection was degraded: it had operated before it was ready",
                    tags.and("proof", late.proof().wireName()));
        } else if (observation instanceof Observation.InboundBeforeReady) {
            count("handfast.inbound.before.ready", "Frames of clients that were kept until READY", tags);
        } else if (observation instanceof Observation.Resumed resumed) {
            count(
                    "handfast.resumes",
                    "Subscriptions that went on from an earlier position",
                    Tags.of("gap", Boolean.toString(resumed.gap())));
        } else if (observation instanceof Observation.Acknowledged acknowledged) {
            lag.record((double) acknowledged.lag());
        } else if (observation instanceof Observation.Refused refused) {
            count("handfast.frames.refused", "Frames of clients that were refused", Tags.of("code", refused.code()));
        }
    }

    private void ready(Tags tags, Observation.Ready ready) {
        Timer.builder("handfast.ready")
                .description("From the 101 to READY")
                .serviceLevelObjectives(READY_BUCKETS)
                .tags(tags)
                .register(registry)
                .record(Duration.ofNanos(ready.readyNanos()));
        DistributionSummary.builder("handfast.proof.attempts")
                .description("Validations that were sent before READY")
                .serviceLevelObjectives(ATTEMPT_BUCKETS)
                .tags(tags)
                .register(registry)
                .record(ready.attempts());
    }

    @Override
    public void connectionClosed(Strategy strategy, Tier tier, CloseCause cause) {
        open.decrementAndGet();
        count(
                "handfast.connections.closed",
                "Connections that ended, each by one cause",
                tags(strategy, tier)
                        .and("who", name(cause.who()), "reason", cause.reason(), "phase", name(cause.phase())));
    }

    @Override
    public void eventsSent(int events, int frames, long bytes) {
        delivered.increment(events);
        deliveredBytes.increment((double) bytes);
        if (frames < events) {
            coalesced.increment((double) events - frames);
        }
    }

    @Override
    public void eventStreamOpened() {
        streams.incrementAndGet();
    }

    @Override
    public void eventStreamClosed() {
        streams.decrementAndGet();
    }

    private Tags tags(Strategy strategy, Tier tier) {
        return Tags.of(
                Tag.of("strategy", name(strategy)), Tag.of("profile", profile.wireName()), Tag.of("tier", name(tier)));
    }

    private void count(String name, String description, Tags tags) {
        Counter.builder(name)
                .description(description)
                .tags(tags)
                .register(registry)
                .increment();
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
