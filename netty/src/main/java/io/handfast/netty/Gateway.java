package io.handfast.netty;

import io.handfast.netty.loop.Alarm;
import io.handfast.netty.loop.Loop;
import io.netty.channel.EventLoop;
import java.util.Map;

/** What all channels of one server share. */
final class Gateway {
    /** One event loop with what lives on it. */
    record Place(Loop loop, LoopReaders readers) {}

    private final GatewayConfig config;
    private final GatewayServices services;
    private final Map<EventLoop, Place> places;
    private volatile boolean draining;
    private volatile long leaveByNanos = Alarm.NEVER;

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

    /** Whether new connections are refused. */
    boolean draining() {
        return draining;
    }

    void startDraining() {
        draining = true;
    }

    /** When what is pending must have left; {@link Alarm#NEVER} while connections may stay. */
    long leaveByNanos() {
        return leaveByNanos;
    }

    long leaveBy(long nanos) {
        leaveByNanos = nanos;
        return nanos;
    }
}
