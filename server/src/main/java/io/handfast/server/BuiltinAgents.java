package io.handfast.server;

import io.handfast.agent.Agent;
import java.util.ArrayList;
import java.util.List;

/** The agents that come with Handfast, by name. */
final class BuiltinAgents {
    private BuiltinAgents() {}

    /** @param names as the setting {@code builtin-agents} allows them */
    static List<Agent> named(List<String> names) {
        List<Agent> agents = new ArrayList<>();
        return agents;
    }
}
