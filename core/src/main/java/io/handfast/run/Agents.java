package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Outcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The agents that may be asked, by name. The first is the default. */
public final class Agents {
    private final Map<String, Agent> byName = new LinkedHashMap<>();

    /**
     * @param agents the default one first; may be empty, and then no message is answered
     * @throws IllegalArgumentException for a name that is no id, or given twice
     */
    public Agents(List<Agent> agents) {
        for (Agent agent : agents) {
            String name = agent.name();
            if (!Ids.valid(name)) {
                throw new IllegalArgumentException("agent name '" + name + "': must be " + Ids.ALLOWED);
            }
            if (byName.putIfAbsent(name, agent) != null) {
                throw new IllegalArgumentException("two agents are named '" + name + "'");
            }
        }
    }

    /** All of them, the default one first. */
    public List<Agent> all() {
        return List.copyOf(byName.values());
    }

    /** The agent of a message; null asks for the default one. Refused {@code UNKNOWN_AGENT}, naming those that exist. */
    Outcome<Named> find(@Nullable String name) {
        if (byName.isEmpty()) {
            return Outcome.refused(ErrorCode.UNKNOWN_AGENT, "no agent is configured here");
        }
        String wanted = name != null ? name : byName.keySet().iterator().next();
        Agent agent = byName.get(wanted);
        if (agent == null) {
            return unknown(wanted, byName.keySet());
        }
        return Outcome.done(new Named(wanted, agent));
    }

    /** What is said to whoever asks for an agent that is none of those that are there. */
    public static <T> Outcome.Refused<T> unknown(String wanted, Collection<String> there) {
        return new Outcome.Refused<>(
                ErrorCode.UNKNOWN_AGENT,
                "agent '" + wanted + "' does not exist; there are: " + String.join(", ", there));
    }

    /** An agent with the name under which it was registered. */
    record Named(String name, Agent agent) {}
}
