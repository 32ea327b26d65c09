package io.handfast.bench.race;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.util.Map;

/**
 * Heats that were not run, those of all clients.
 *
 * @param why for people
 */
public record Omission(Course course, Strategy strategy, String why) {
    Map<String, Object> json() {
        return Map.of("edge", course.name(), "strategy", Policies.name(strategy), "why", why);
    }
}
