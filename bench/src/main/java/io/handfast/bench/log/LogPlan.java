package io.handfast.bench.log;

import io.handfast.rocksdb.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What the benchmark of the log measures.
 *
 * @param directory below which each round gets a directory of its own, deleted behind it; its disk is the one that is
 *     measured
 * @param conversations how many append at the same time, one event each, and wait for it; one row for each number
 * @param round how long one round of one row lasts; the first round of each row warms up and is not counted
 * @param rounds that are counted; rows take turns, so that what disturbs the machine hits all of them
 * @param storedThreads threads of the log that is read, and whose size is measured
 * @param storedEvents events of each of them
 */
public record LogPlan(
        Path directory,
        Set<LogPart> parts,
        List<Durability> durabilities,
        List<Integer> conversations,
        Duration round,
        int rounds,
        int storedThreads,
        int storedEvents) {
    /** Bytes of JSON of one event, as it travels. */
    static final int EVENT_BYTES = 250;

    /** Everything, in about four minutes. */
    public static LogPlan ofDefaults(Path directory) {
        return new LogPlan(
                directory,
                EnumSet.allOf(LogPart.class),
                List.of(Durability.values()),
                List.of(1, 64, 2_000),
                Duration.ofSeconds(3),
                5,
                2_000,
                300);
    }
}
