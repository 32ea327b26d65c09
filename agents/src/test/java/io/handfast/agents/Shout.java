package io.handfast.agents;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import java.util.Locale;

/** The example of docs/agents.md. */
@SuppressWarnings("StringSplitter") // an example is short
public final class Shout implements Agent {
    @Override
    public String name() {
        return "shout";
    }

    @Override
    public String description() {
        return "Says it louder.";
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) {
        events.thinking("How loud?");
        for (String word : request.text().split(" ")) {
            events.chunk(word.toUpperCase(Locale.ROOT) + " ");
        }
    }
}
