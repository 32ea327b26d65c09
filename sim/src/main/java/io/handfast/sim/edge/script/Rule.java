package io.handfast.sim.edge.script;

import java.util.List;

/**
 * One line of a script.
 *
 * @param line its number, from 1
 */
public record Rule(int line, Selector selector, Trigger trigger, List<Action> actions) {
    public Rule {
        actions = List.copyOf(actions);
    }
}
