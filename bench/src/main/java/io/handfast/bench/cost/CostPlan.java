package io.handfast.bench.cost;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What the benchmark of the whole server measures.
 *
 * @param directory below which the server's data are, deleted at the end
 * @param durability as {@code handfast.durability} spells it
 * @param conversations that are answered at the same time, each with a connection of its own; at most 256 on a JVM without
 *     virtual threads, where an agent needs a thread
 * @param round how long the events of one round flow
 * @param rounds that are counted, behind one that warms up
 * @param idle connections whose memory is measured
 * @param connects that are opened in a round to see how many go in a second
 */
public record CostPlan(
        Path directory, String durability, int conversations, Duration round, int rounds, int idle, int connects) {
    /** 200 conversations, 5,000 idle connections. */
    public static CostPlan ofDefaults(Path directory) {
        return new CostPlan(directory, "process", 200, Duration.ofSeconds(5), 3, 5_000, 10_000);
    }
}
