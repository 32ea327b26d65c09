package io.handfast.bench.load;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** What the wall clock showed at a moment of {@link System#nanoTime}, as if it had not been set since it was made. */
final class WallClock {
    private final long originMicros;
    private final long originNanos;

    WallClock() {
        Instant now = Instant.now();
        originNanos = System.nanoTime();
        originMicros = TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    }

    long epochMicros(long nanos) {
        return originMicros + TimeUnit.NANOSECONDS.toMicros(nanos - originNanos);
    }
}
