package io.handfast.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The world finds what it is there to find; docs/simulation.md has the table. */
final class MutantsTest {
    @ParameterizedTest
    @EnumSource
    void a_deliberate_fault_is_found_within_its_seeds(Mutant mutant) {
        for (long seed = 1; seed <= mutant.seedsMax; seed++) {
            Breach breach =
                    World.run(seed, World.STEPS, mutant.seams.get(), null).breach();
            if (breach != null) {
                System.out.printf("%s: seed %d, %s%n", mutant, seed, breach.law()); // for the table
                return;
            }
        }
        assertThat(mutant).as("not found within %s seeds", mutant.seedsMax).isNull();
    }
}
