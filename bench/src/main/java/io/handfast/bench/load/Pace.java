package io.handfast.bench.load;

import java.util.concurrent.TimeUnit;

/**
 * When things are due that happen at a steady rate. What is late is made up for, and counted from the moment at which it was due, so
 * that a server that stalls cannot hide it by slowing its clients down.
 */
final class Pace {
    private final double perSecond;
    private final long beginNanos;
    private long given;

    /** @param perSecond at least something above 0 */
    Pace(double perSecond, long beginNanos) {
        this.perSecond = perSecond;
        this.beginNanos = beginNanos;
    }

    /** Whether the next one is due; the caller takes it with {@link #take}. */
    boolean due(long nowNanos) {
        return nowNanos - dueNanos() >= 0;
    }

    /** Takes the next one: the moment at which it was due. */
    long take() {
        long dueNanos = dueNanos();
        given++;
        return dueNanos;
    }

    private long dueNanos() {
        return beginNanos + (long) (given * (TimeUnit.SECONDS.toNanos(1) / perSecond));
    }
}
