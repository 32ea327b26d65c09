package io.handfast.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Lives of connections in random worlds. {@code -Dhandfast.random.seed=…} repeats one life, {@code -Dhandfast.random.seconds=…}
 * tries for longer.
 */
final class RandomLivesTest {
    private static final int STEPS_MAX = 600;

    @Test
    void no_life_breaks_an_invariant_and_every_reader_that_heals_has_everything() {
        Long repeated = Long.getLong("handfast.random.seed");
        if (repeated != null) {
            live(repeated);
            return;
        }
        Duration budget = Duration.ofSeconds(Integer.getInteger("handfast.random.seconds", 3));
        long begun = System.nanoTime();
        long seed = begun;
        while (System.nanoTime() - begun < budget.toNanos()) {
            live(seed++);
        }
        assertThat(seed - begun).as("lives").isGreaterThan(10);
    }

    private static void live(long seed) {
        try {
            RandomWorld world = new RandomWorld(seed);
            int steps = Math.floorMod(seed * 31, STEPS_MAX);
            for (int i = 0; i < steps && !world.over(); i++) {
                world.step();
            }
            if (!world.over()) {
                world.heal();
            }
            if (!world.over()) {
                world.end();
            }
        } catch (Throwable e) {
            throw new AssertionError("repeat with -Dhandfast.random.seed=" + seed + ": " + e.getMessage(), e);
        }
    }
}
