package io.handfast.sim.world;

import java.util.List;

/**
 * A law of the world that was broken.
 *
 * @param law which one, in a few words
 * @param values what was found instead of what
 * @param lastLines of the trace, the last one at the moment of the breach
 */
public record Breach(String law, String values, List<String> lastLines) {
    public Breach {
        lastLines = List.copyOf(lastLines);
    }
}
