package io.handfast.run;

import io.handfast.agent.AgentEvents.ToolStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call of an agent at {@link io.handfast.agent.AgentEvents}, as a value. */
public sealed interface Emission {
    record Thinking(String text) implements Emission {}

    record ToolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) implements Emission {}

    record ToolCompleted(
            String toolCallId, ToolStatus status, @Nullable Object result) implements Emission {}

    record Chunk(String text) implements Emission {}

    record Custom(String name, @Nullable Object value) implements Emission {}
}
