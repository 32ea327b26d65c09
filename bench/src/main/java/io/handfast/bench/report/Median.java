package io.handfast.bench.report;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The middle of several rounds: a round that a neighbour disturbed does not move it. */
public final class Median {
    private Median() {}

    /**
     * The median of what {@code figure} reads from each round.
     *
     * @param rounds at least one
     */
    public static <T> double of(Collection<T> rounds, ToDoubleFunction<T> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("a median of no rounds");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
