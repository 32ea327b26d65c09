package io.handfast.connection;

import io.handfast.log.Position;
import io.handfast.readiness.ReadinessPolicy;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that a connection is told at its birth.
 *
 * @param subscription the thread of the query parameter {@code thread_id}; null for none
 * @param nonces makes the nonces of Pings; unguessable in production, seeded in tests
 * @param epochMicros what the wall clock said, in microseconds since 1970, at the {@code nowNanos} of construction; the
 *     {@code timestamp} of every frame is counted from it with the monotonic clock
 */
public record ConnectionSetup(
        String connectionId,
        String userId,
        Tier tier,
        @Nullable Subscription subscription,
        ReadinessPolicy readiness,
        ConnectionLimits limits,
        LongSupplier nonces,
        long epochMicros) {

    /** A subscription asked for in the URL. */
    public record Subscription(String threadId, Position position) {}
}
