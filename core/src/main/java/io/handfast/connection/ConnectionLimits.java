package io.handfast.connection;

import java.time.Duration;

/**
 * The bounds and rhythms of a connection, once it is open. Defaults are those of spec/protocol.md.
 *
 * @param heartbeat silence after which a heartbeat goes out; the peer is gone after two intervals
 * @param maxAge after which the connection is rotated with 4001; must lie below the platform's limit
 * @param heldFrames frames kept before READY
 * @param heldBytes bytes kept before READY
 * @param slowConsumer how long blocked output may make no progress before 4000
 * @param closeTimeout how long to wait for the peer's Close before the transport is closed
 * @param readBytes bytes of events asked from the log at once
 * @param pendingRequests requests of the client without an answer, beyond which the machine wants no input
 * @param subscriptions threads that one connection may watch
 */
public record ConnectionLimits(
        Duration heartbeat,
        Duration maxAge,
        int heldFrames,
        int heldBytes,
        Duration slowConsumer,
        Duration closeTimeout,
        int readBytes,
        int pendingRequests,
        int subscriptions) {
    public ConnectionLimits {
        positive("heartbeat", heartbeat);
        positive("maxAge", maxAge);
        positive("slowConsumer", slowConsumer);
        positive("closeTimeout", closeTimeout);
        positive("readBytes", readBytes);
        positive("pendingRequests", pendingRequests);
        positive("subscriptions", subscriptions);
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, not " + value);
        }
    }

    private static void positive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + value);
        }
    }

    /** The defaults of spec/protocol.md. */
    public static ConnectionLimits ofDefaults() {
        return new ConnectionLimits(
                Duration.ofSeconds(20),
                Duration.ofMinutes(55),
                64,
                256 * 1024,
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                64 * 1024,
                64,
                64);
    }
}
