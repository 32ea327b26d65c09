package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example of README and docs/agents.md. */
class OwnAgentTest {
    private static final class Shout implements Agent {
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
            for (String word : request.text().split(" ", -1)) {
                events.chunk(word.toUpperCase(Locale.ROOT) + " ");
            }
        }
    }

    @Test
    void an_agent_of_ones_own_is_the_default_and_stands_before_those_that_come_along() throws Exception {
        Configuration configuration = Configuration.load(new Sources(
                Map.of("handfast.port", "0", "handfast.log", "memory"), Map.of(), Map.of(), Optional.empty()));
        try (Server server = Server.start(configuration, List.of(new Shout()));
                TestClient client = TestClient.connect(
                        URI.create(server.url().replace("http", "ws") + "/v1/ws?thread_id=t"), Map.of())) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "hello there");
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("HELLO THERE ");
        }
    }
}
