package io.handfast.sim.edge.wire;

import java.util.Locale;

/** One of the two ends that an edge stands between; for a direction, the end that speaks. */
public enum Side {
    CLIENT,
    SERVER;

    public Side other() {
        return this == CLIENT ? SERVER : CLIENT;
    }

    /** As scripts write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
