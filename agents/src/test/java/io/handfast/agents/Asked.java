package io.handfast.agents;

import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request, and what an agent emits for it, each call as one line. */
public final class Asked implements AgentRequest, AgentEvents {
    public final List<String> calls = new ArrayList<>();
    public final List<String> chunks = new ArrayList<>();
    public final List<@Nullable Object> toolResults = new ArrayList<>();
    private final String text;
    private final Map<String, Object> options;

    public Asked(String text, Map<String, Object> options) {
        this.text = text;
        this.options = options;
    }

    /** The whole answer. */
    public String answer() {
        return String.join("", chunks);
    }

    @Override
    public String threadId() {
        return "t";
    }

    @Override
    public String runId() {
        return "r";
    }

    @Override
    public String userId() {
        return "u";
    }

    @Override
    public String messageId() {
        return "m";
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Map<String, Object> options() {
        return options;
    }

    @Override
    public List<Turn> history() {
        return List.of();
    }

    @Override
    public void thinking(String text) {
        calls.add("thinking");
    }

    @Override
    public void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
        calls.add("executing " + toolName + " " + arguments);
    }

    @Override
    public void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result) {
        calls.add("completed " + status);
        toolResults.add(result);
    }

    @Override
    public void chunk(String text) {
        calls.add("chunk");
        chunks.add(text);
    }

    @Override
    public void custom(String name, @Nullable Object value) {
        calls.add("custom " + name);
    }

    @Override
    public void usage(Map<String, ?> usage) {
        calls.add("usage");
    }
}
