package io.handfast.netty;

import io.handfast.connection.CloseCause;
import io.handfast.connection.ConnectionSetup;
import io.handfast.connection.Effect.Observation;
import io.handfast.connection.Tier;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** What is told of one connection: metrics as they come, and one line in the log at its end (requirements R13, R9). */
final class ConnectionJournal {
    private static final Logger LOG = LoggerFactory.getLogger("io.handfast.connection");

    private final GatewayMetrics metrics;
    private final String connectionId;
    private final String userId;
    private final Strategy strategy;
    private final Tier tier;
    private String proof = "-";
    private int attempts;
    private long readyNanos = -1;

    ConnectionJournal(GatewayMetrics metrics, ConnectionSetup setup) {
        this.metrics = metrics;
        this.connectionId = setup.connectionId();
        this.userId = setup.userId();
        this.strategy = setup.readiness().strategy();
        this.tier = setup.tier();
        metrics.connectionOpened(strategy, tier);
    }

    void observed(Observation observation) {
        if (observation instanceof Observation.Closed closed) {
            metrics.connectionClosed(strategy, tier, closed.cause());
            closed(closed.cause());
            return;
        }
        metrics.observed(strategy, tier, observation);
        if (observation instanceof Observation.Ready ready) {
            proof = ready.proof().wireName();
            attempts = ready.attempts();
            readyNanos = ready.readyNanos();
        } else if (observation instanceof Observation.ProofMissed missed) {
            attempts = missed.attempts();
        }
        if (LOG.isDebugEnabled()) {
            line(Level.DEBUG).addKeyValue("observed", observation).log("connection observed");
        }
    }

    /** The line is the same for every end: a peer that comes and goes is no error (F09). */
    private void closed(CloseCause cause) {
        LoggingEventBuilder line = line(Level.INFO)
                .addKeyValue("strategy", name(strategy))
                .addKeyValue("tier", name(tier))
                .addKeyValue("proof", proof)
                .addKeyValue("attempts", attempts);
        if (readyNanos >= 0) {
            line = line.addKeyValue("ready_ms", millis(readyNanos));
        }
        line = line.addKeyValue("who", name(cause.who()))
                .addKeyValue("code", cause.code())
                .addKeyValue("reason", cause.reason())
                .addKeyValue("phase", name(cause.phase()))
                .addKeyValue("age_ms", millis(cause.ageNanos()));
        if (cause.detail() != null) {
            line = line.addKeyValue("detail", cause.detail());
        }
        line.log("connection closed");
    }

    private LoggingEventBuilder line(Level level) {
        return LOG.atLevel(level).addKeyValue("connection", connectionId).addKeyValue("user", userId);
    }

    private static double millis(long nanos) {
        return nanos / 1_000_000.0;
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
