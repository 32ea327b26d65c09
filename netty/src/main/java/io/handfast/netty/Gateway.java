package io.handfast.netty;

import io.handfast.netty.loop.Loop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;

/** What all channels of one server share. */
final class Gateway {
    /** One event loop with what lives on it. */
    record Place(Loop loop, LoopReaders readers) {}

    private final GatewayConfig config;
    private final GatewayServices services;
    private final Map<EventLoop, Place> places;
    private volatile boolean draining;
    private volatile long drainDeadlineNanos;

    Gateway(GatewayConfig config, GatewayServices services, Map<EventLoop, Place> places) {
        this.config = config;
        this.services = services;
        this.places = Map.copyOf(places);
    }

    GatewayConfig config() {
        return config;
    }

    GatewayServices services() {
        return services;
    }

    Place place(EventLoop loop) {
        Place place = places.get(loop);
        if (place == null) {
            throw new IllegalArgumentException("not a loop of this gateway: " + loop);
        }
        return place;
    }

    Iterable<Place> places() {
        return places.values();
    }

    boolean draining() {
        return draining;
    }

    /** When transports are closed in any case; has a meaning only while {@link #draining}. */
    long drainDeadlineNanos() {
        return drainDeadlineNanos;
    }

    void startDraining(Duration deadline) {
        drainDeadlineNanos = System.nanoTime() + deadline.toNanos();
        draining = true;
    }
}
