package io.handfast.netty;

import io.handfast.connection.CloseCause;
import io.handfast.connection.Effect.Observation;
import io.handfast.connection.Tier;
import io.handfast.readiness.ReadinessPolicy.Strategy;

/** Watches the gateway. Called on event loops: must be quick and must not block. Every method does nothing by default. */
public interface GatewayMetrics {
    /** Nobody watches. */
    GatewayMetrics NONE = new GatewayMetrics() {};

    /** A 101 was written. */
    default void connectionOpened(Strategy strategy, Tier tier) {}

    /** Something worth counting happened on a connection; its end comes as {@link #connectionClosed} only. */
    default void observed(Strategy strategy, Tier tier, Observation observation) {}

    /** A connection ended. */
    default void connectionClosed(Strategy strategy, Tier tier, CloseCause cause) {}

    /**
     * Events left for a reader in one grant.
     *
     * @param frames fewer than the events when some were coalesced
     * @param bytes of JSON, in these frames
     */
    default void eventsSent(int events, int frames, long bytes) {}

    /** An event stream of HTTP began. */
    default void eventStreamOpened() {}

    /** An event stream of HTTP ended. */
    default void eventStreamClosed() {}
}
