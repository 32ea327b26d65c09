package io.handfast.server;

import io.handfast.agent.Agent;
import io.handfast.agents.docs.DocsAgent;
import io.handfast.agents.echo.EchoAgent;
import java.util.List;

/** The agents that come with Handfast, by name. */
final class BuiltinAgents {
    private static final String NONE = "none";

    private BuiltinAgents() {}

    /** @param names as the setting {@code builtin-agents} allows them */
    static List<Agent> named(List<String> names) {
        return names.stream()
                .filter(name -> !name.equals(NONE))
                .map(BuiltinAgents::named)
                .toList();
    }

    private static Agent named(String name) {
        return switch (name) {
            case "echo" -> new EchoAgent();
            case "docs" -> new DocsAgent();
            default -> throw new IllegalArgumentException("no agent of ours: " + name);
        };
    }
}
