package io.handfast.server.config;

import io.handfast.connection.ConnectionLimits;
import io.handfast.log.LogLimits;
import io.handfast.log.Retention;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import java.util.List;

/** Settings in the form in which the core takes them. */
public final class Policies {
    private Policies() {}

    /** The name of a strategy or the like in settings. */
    public static String name(Enum<?> constant) {
        return Values.name(constant);
    }

    /** How new connections become READY. */
    public static ReadinessPolicy readiness(Settings.Readiness readiness) {
        Settings.Timed timed = readiness.timed();
        return new ReadinessPolicy(
                readiness.strategy(),
                readiness.unproven(),
                readiness.validationMessage(),
                readiness.settle(),
                readiness.deadline(),
                new TimedStages(
                        timed.settle(),
                        timed.rechecks().orElse(List.of()),
                        timed.finalPause(),
                        timed.validate(),
                        timed.firstTimeout(),
                        timed.retryTimeout(),
                        timed.retryPauses().orElse(List.of())));
    }

    /** What bounds a log: its own bounds, with those that the settings choose. */
    public static LogLimits log(LogLimits own, Settings settings) {
        Settings.Retention chosen = settings.retention();
        Retention retention = own.retention();
        return own.withOpenRunsPerThread(settings.runs().perThread())
                .with(new Retention(
                        chosen.eventsPerThread().isPresent()
                                ? chosen.eventsPerThread().getAsInt()
                                : retention.eventsPerThread(),
                        chosen.bytesPerThread().map(Size::bytes).orElse(retention.bytesPerThread()),
                        chosen.age().orElse(retention.age()),
                        chosen.bytesTotal().map(Size::bytes).orElse(retention.bytesTotal())));
    }

    /** What bounds a connection. */
    public static ConnectionLimits connection(Settings settings) {
        Settings.Connection connection = settings.connection();
        return new ConnectionLimits(
                settings.heartbeat(),
                settings.maxAge(),
                connection.heldFrames(),
                connection.heldBytes(),
                settings.slowConsumer(),
                connection.closeTimeout(),
                connection.readBytes(),
                connection.pendingRequests(),
                connection.subscriptions());
    }
}
