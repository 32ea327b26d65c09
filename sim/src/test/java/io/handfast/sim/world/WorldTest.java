package io.handfast.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code handfast sim --seeds N --trace} shows the world of a seed. */
final class WorldTest {
    private static WorldReport run(long seed) {
        return World.run(seed, World.STEPS, Seams.none(), null);
    }

    @Test
    void a_seed_is_the_same_world_each_time() {
        for (long seed : new long[] {3, 17}) {
            WorldReport once = run(seed);
            List<String> lines = new ArrayList<>();
            WorldReport again = World.run(seed, World.STEPS, Seams.none(), lines::add);
            assertThat(again.traceHash())
                    .as("hash of the trace of seed " + seed)
                    .isEqualTo(once.traceHash());
            assertThat(again.steps()).isEqualTo(once.steps());
            assertThat(again.counts().byName()).isEqualTo(once.counts().byName());
            assertThat(lines).hasSizeGreaterThan(500);
        }
    }

    @Test
    void another_seed_is_another_world() {
        assertThat(run(3).traceHash()).isNotEqualTo(run(4).traceHash());
    }

    @Test
    void worlds_hold_every_law_and_are_not_idle() {
        Counts counts = new Counts();
        for (long seed = 1; seed <= 30; seed++) {
            WorldReport report = run(seed);
            assertThat(report.breach()).as("seed " + seed).isNull();
            counts.addAll(report.counts());
        }
        for (String name : List.of(
                "accepted",
                "accepted again",
                "commits",
                "crashes of a machine",
                "crashes of a process",
                "drains to the end",
                "frames for several chunks",
                "events processed",
                "gaps: epoch_changed",
                "holes seen by clients",
                "loads",
                "output blocked",
                "proofs: application",
                "proofs: transport",
                "resumes")) {
            assertThat(counts.of(name)).as(name).isPositive();
        }
    }

    @Test
    void what_once_failed_holds_now() {
        for (long seed : Campaign.pastFailures()) {
            assertThat(run(seed).breach()).as("seed " + seed).isNull();
        }
    }
}
