package io.handfast.sim.world;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Everything that is left to chance in a world, from one seed. */
final class Dice {
    private final SplittableRandom random;

    Dice(long seed) {
        // Neighbouring seeds must not have neighbouring lives.
        this(new SplittableRandom(seed * 0x9E3779B97F4A7C15L));
    }

    private Dice(SplittableRandom random) {
        this.random = random;
    }

    /** Dice of their own for a part, so that what one part draws does not shift what another one draws. */
    Dice split() {
        return new Dice(random.split());
    }

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Both ends included. */
    int between(int min, int max) {
        return random.nextInt(min, max + 1);
    }

    /** Nanoseconds between two numbers of milliseconds. */
    long millis(long min, long max) {
        long minNanos = TimeUnit.MILLISECONDS.toNanos(min);
        return minNanos + random.nextLong(TimeUnit.MILLISECONDS.toNanos(max - min) + 1);
    }

    /** Nanoseconds between two numbers of microseconds. */
    long micros(long min, long max) {
        return TimeUnit.MICROSECONDS.toNanos(min) + random.nextLong(TimeUnit.MICROSECONDS.toNanos(max - min) + 1);
    }

    long any() {
        return random.nextLong();
    }

    <T> T pick(List<T> among) {
        return among.get(random.nextInt(among.size()));
    }

    @SafeVarargs
    final <T> T of(T... among) {
        return among[random.nextInt(among.length)];
    }
}
