package io.handfast.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server, killed with SIGKILL at random moments under load, again and again on the same directory. This is the short
 * form; {@code .ci/crash} runs the long one.
 */
class KilledServerTest {
    private static final int KILLS = Integer.getInteger("handfast.crash.kills", 8);
    private static final long SEED = Long.getLong("handfast.crash.seed", 20_261_126L);

    @TempDir
    Path temp;

    @Test
    void nothing_acknowledged_or_shown_is_lost_and_every_run_ends_once_however_often_the_server_is_killed()
            throws Exception {
        Random random = new Random(SEED);
        int[] shares = {KILLS * 3 / 8, KILLS * 3 / 8, KILLS - 2 * (KILLS * 3 / 8)};
        Lives lives = Lives.NONE;
        int i = 0;
        for (String durability : new String[] {"process", "disk", "memory"}) {
            lives = lives.plus(
                    new Ordeal(temp.resolve(durability), durability, SEED, random.nextLong()).run(shares[i++]));
        }
        System.out.println("seed " + SEED + ": " + lives);
        assertThat(lives.kills()).isEqualTo(KILLS);
        assertThat(lives.accepted()).as("messages that were accepted").isPositive();
        assertThat(lives.deleted()).as("threads that were deleted").isPositive();
        assertThat(lives.interruption().lost()).as("runs that were lost").isPositive();
    }
}
