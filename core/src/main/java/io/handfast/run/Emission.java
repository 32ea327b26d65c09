package io.handfast.run;

import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.protocol.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of an agent at {@link io.handfast.agent.AgentEvents}, as a value. What the agent gave with it is turned into JSON
 * here, by whoever makes the emission: that walks through the agent's own objects, which may block, and no lock is held yet.
 * What is no JSON is refused with an {@link IllegalArgumentException}.
 */
public sealed interface Emission {
    record Thinking(String text) implements Emission {}

    record ToolExecuting(String toolCallId, String toolName, Json.Raw arguments) implements Emission {
        public ToolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
            this(toolCallId, toolName, new Json.Raw(Json.write(arguments)));
        }
    }

    record ToolCompleted(
            String toolCallId, ToolStatus status, @Nullable Object result) implements Emission {
        public ToolCompleted {
            result = new Json.Raw(Json.write(result));
        }
    }

    record Chunk(String text) implements Emission {}

    record Custom(String name, @Nullable Object value) implements Emission {
        public Custom {
            value = new Json.Raw(Json.write(value));
        }
    }
}
