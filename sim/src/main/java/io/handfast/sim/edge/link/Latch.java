package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Until;

/** Something that is closed until a time, an event or a barrier opens it. */
final class Latch {
    private final Until until;
    private final long opensNanos;
    private boolean opened;

    Latch(Until until, long opensNanos) {
        this.until = until;
        this.opensNanos = opensNanos;
    }

    Until until() {
        return until;
    }

    void open() {
        opened = true;
    }

    boolean isOpen(long nowNanos) {
        return opened || nowNanos >= opensNanos;
    }

    /** When time opens it; {@link Long#MAX_VALUE} for never. */
    long opensNanos() {
        return opensNanos;
    }

    boolean neverOpens() {
        return !opened && until instanceof Until.Forever && opensNanos == Long.MAX_VALUE;
    }
}
