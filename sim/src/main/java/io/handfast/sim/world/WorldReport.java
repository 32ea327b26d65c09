package io.handfast.sim.world;

import org.jspecify.annotations.Nullable;

/**
 * What came of a world.
 *
 * @param steps of both phases
 * @param ageNanos how long it lasted, in its own time
 * @param traceHash the same for two runs of one seed, unless something in them is not decided by it
 * @param breach null when every law held
 */
public record WorldReport(
        long seed,
        long steps,
        long ageNanos,
        long traceHash,
        Counts counts,
        @Nullable Breach breach) {}
