package io.handfast.agents.upstream;

import io.handfast.agent.AgentRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request as a test states it. */
public record Question(
        String text,
        Map<String, Object> options,
        List<Turn> history,
        List<Map<String, Object>> pending,
        @Nullable String traceparent)
        implements AgentRequest {

    public static Question of(String text) {
        return new Question(text, Map.of(), List.of(), List.of(), null);
    }

    public Question withOptions(Map<String, Object> others) {
        return new Question(text, others, history, pending, traceparent);
    }

    public Question withHistory(Turn... turns) {
        return new Question(text, options, List.of(turns), pending, traceparent);
    }

    public Question withPending(List<Map<String, Object>> others) {
        return new Question(text, options, history, others, traceparent);
    }

    public Question withTraceparent(String other) {
        return new Question(text, options, history, pending, other);
    }

    @Override
    public String threadId() {
        return "t1";
    }

    @Override
    public String runId() {
        return "r1";
    }

    @Override
    public String userId() {
        return "ada";
    }

    @Override
    public String messageId() {
        return "m1";
    }
}
