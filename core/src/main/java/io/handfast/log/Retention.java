package io.handfast.log;

import java.time.Duration;

/**
 * How much of the past is kept. Events are dropped in pieces of an eighth of a bound, the oldest first, so that what is
 * kept never exceeds the bound and falls at most an eighth short of it.
 *
 * @param eventsPerThread events kept of one thread
 * @param bytesPerThread bytes of JSON kept of one thread
 * @param age how long an event is kept
 * @param bytesTotal bytes of JSON kept over all threads
 */
public record Retention(long eventsPerThread, long bytesPerThread, Duration age, long bytesTotal) {
    /** A bound that drops nothing. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** An age that drops nothing: about three hundred years. */
    public static final Duration FOR_EVER = Duration.ofNanos(Long.MAX_VALUE);

    private static final int PIECES = 8;
    private static final long NANOS_PER_MICRO = 1_000;

    /** Refuses bounds that are not positive, with the value. */
    public Retention {
        LogLimits.positive("eventsPerThread", eventsPerThread);
        LogLimits.positive("bytesPerThread", bytesPerThread);
        LogLimits.positive("age in nanoseconds", age.toNanos());
        LogLimits.positive("bytesTotal", bytesTotal);
    }

    long ageMicros() {
        return age.toNanos() / NANOS_PER_MICRO;
    }

    /** Whether a new segment begins with the next event. */
    boolean segmentFull(ThreadRecord.Segment segment, long events, long nowMicros) {
        return events >= Math.max(1, eventsPerThread / PIECES)
                || segment.bytes() >= Math.max(1, bytesPerThread / PIECES)
                || nowMicros - segment.firstMicros() >= Math.max(1, ageMicros() / PIECES);
    }
}
