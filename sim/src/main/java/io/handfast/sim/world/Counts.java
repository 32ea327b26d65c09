package io.handfast.sim.world;

import java.util.Map;
import java.util.TreeMap;

/** How often things happened, by name, so that one sees that worlds are not idle. Not thread-safe. */
public final class Counts {
    private final TreeMap<String, Long> byName = new TreeMap<>();

    void count(String name) {
        byName.merge(name, 1L, Long::sum);
    }

    void add(String name, long number) {
        byName.merge(name, number, Long::sum);
    }

    /** Adds another's. */
    public void addAll(Counts other) {
        other.byName.forEach((name, number) -> byName.merge(name, number, Long::sum));
    }

    /** How often; 0 for what never happened. */
    public long of(String name) {
        return byName.getOrDefault(name, 0L);
    }

    /** By name, in alphabetical order. */
    public Map<String, Long> byName() {
        return new TreeMap<>(byName);
    }
}
