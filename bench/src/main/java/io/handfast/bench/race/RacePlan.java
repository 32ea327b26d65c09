package io.handfast.bench.race;

import io.handfast.bench.client.Identities;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.time.Duration;
import java.util.List;

/**
 * What is raced.
 *
 * @param clients in each heat; 1 to 10,000
 * @param spacing between the starts of two of them, so that they do not measure each other
 * @param patience after which a client that has not got its answer has failed
 * @param seed decides what the edges leave to chance; the same for all strategies
 * @param warmUp clients that run unmeasured through each server before its first heat
 */
public record RacePlan(
        List<Strategy> strategies,
        List<Course> courses,
        List<Reader> readers,
        int clients,
        Duration spacing,
        Duration patience,
        long seed,
        int warmUp,
        Identities identities) {
    public RacePlan {
        strategies = List.copyOf(strategies);
        courses = List.copyOf(courses);
        readers = List.copyOf(readers);
        if (clients < 1 || clients > 10_000) {
            throw new IllegalArgumentException("--connections is " + clients + "; allowed: 1 to 10000");
        }
        if (strategies.isEmpty() || courses.isEmpty() || readers.isEmpty()) {
            throw new IllegalArgumentException("a race needs a strategy, an edge and a client");
        }
    }
}
