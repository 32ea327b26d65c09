package io.handfast.agents.agui;

import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code RunAgentInput} for a message. The options {@code tools}, {@code context}, {@code state}, {@code resume} and
 * {@code tool_results} have their place in it; all others are {@code forwardedProps}.
 */
final class RunInput {
    static final String PROTOCOL_VERSION = "1.0";

    private static final Set<String> OWN_OPTIONS =
            Set.of("tools", "context", "state", "resume", "tool_results", "forwardedProps");

    private final AgentRequest request;
    private final int historyTurnsMax;
    private final Map<String, Object> options;

    RunInput(AgentRequest request, int historyTurnsMax) {
        this.request = request;
        this.historyTurnsMax = historyTurnsMax;
        this.options = request.options();
    }

    /** The names of the tools that the client offers. */
    Set<String> clientTools() throws AgentFailure {
        Set<String> names = new HashSet<>();
        for (Object tool : array("tools")) {
            if (!(tool instanceof Map<?, ?> object) || !(object.get("name") instanceof String name)) {
                throw malformed("tools", "must be objects with a name");
            }
            names.add(name);
        }
        return names;
    }

    /** @throws AgentFailure when an option is malformed */
    byte[] json() throws AgentFailure {
        List<Map<String, Object>> pending = request.pending();
        List<?> resume = resume(pending);
        Map<String, @Nullable Object> input = new LinkedHashMap<>();
        input.put("threadId", request.threadId());
        input.put("runId", request.runId());
        input.put("protocolVersion", PROTOCOL_VERSION);
        input.put("messages", messages(pending, !resume.isEmpty()));
        input.put("tools", array("tools"));
        input.put("context", array("context"));
        Object state = options.get("state");
        input.put("state", state == null ? Map.of() : state);
        input.put("forwardedProps", forwarded());
        if (!resume.isEmpty()) {
            input.put("resume", resume);
        }
        return Json.write(input);
    }

    private List<Object> messages(List<Map<String, Object>> pending, boolean resumes) throws AgentFailure {
        List<Object> messages = new ArrayList<>();
        List<AgentRequest.Turn> history = request.history();
        for (AgentRequest.Turn turn : history.subList(Math.max(0, history.size() - historyTurnsMax), history.size())) {
            String role = turn.role() == AgentRequest.Role.USER ? "user" : "assistant";
            messages.add(Map.of("id", turn.id(), "role", role, "content", turn.text()));
        }
        boolean answers = toolResults(pending, messages);
        if (!request.text().isEmpty() || !(answers || resumes)) {
            messages.add(Map.of("id", request.messageId(), "role", "user", "content", request.text()));
        }
        return messages;
    }

    /** The calls that the run before left to the client, and what the client answers: one result for each, or the text. */
    private boolean toolResults(List<Map<String, Object>> pending, List<Object> messages) throws AgentFailure {
        Object given = options.getOrDefault("tool_results", Map.of());
        if (!(given instanceof Map<?, ?> results)) {
            throw malformed("tool_results", "must be an object with a result for each tool_call_id");
        }
        List<Object> calls = new ArrayList<>();
        List<Object> answers = new ArrayList<>();
        for (Map<String, Object> one : pending) {
            if ("tool_call".equals(one.get("kind")) && one.get("tool_call_id") instanceof String id) {
                String name = String.valueOf(one.getOrDefault("tool_name", "unknown"));
                String arguments = text(one.getOrDefault("arguments", Map.of()));
                calls.add(
                        Map.of("id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments)));
                Object result = results.containsKey(id) ? results.get(id) : request.text();
                answers.add(Map.of(
                        "id",
                        request.messageId() + ":" + id,
                        "role",
                        "tool",
                        "toolCallId",
                        id,
                        "content",
                        text(result)));
            }
        }
        if (!calls.isEmpty()) {
            messages.add(Map.of("id", request.messageId() + ":calls", "role", "assistant", "toolCalls", calls));
            messages.addAll(answers);
        }
        return !calls.isEmpty();
    }

    /** Answers to the interrupts of the run before: the option {@code resume} as it is, else the text for each. */
    private List<?> resume(List<Map<String, Object>> pending) throws AgentFailure {
        List<?> given = array("resume");
        if (!given.isEmpty()) {
            return given;
        }
        List<Object> resume = new ArrayList<>();
        for (Map<String, Object> one : pending) {
            if (one.get("interrupt") instanceof Map<?, ?> interrupt && interrupt.get("id") instanceof String id) {
                resume.add(Map.of("interruptId", id, "status", "resolved", "payload", answer(interrupt)));
            }
        }
        return resume;
    }

    /** The text; as JSON when the interrupt asks for a shape and the text has one. */
    private Object answer(Map<?, ?> interrupt) {
        if (interrupt.get("responseSchema") instanceof Map) {
            try {
                Object value = Json.read(request.text().getBytes(StandardCharsets.UTF_8));
                return value == null ? request.text() : value;
            } catch (Json.MalformedJsonException e) {
                return request.text(); // the agent judges it
            }
        }
        return request.text();
    }

    private Object forwarded() {
        Object given = options.get("forwardedProps");
        if (given != null) {
            return given;
        }
        Map<String, @Nullable Object> rest = new LinkedHashMap<>(options);
        rest.keySet().removeAll(OWN_OPTIONS);
        return rest;
    }

    private List<?> array(String option) throws AgentFailure {
        Object value = options.get(option);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw malformed(option, "must be an array");
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : new String(Json.write(value), StandardCharsets.UTF_8);
    }

    private static AgentFailure malformed(String option, String allowed) {
        return new AgentFailure("agent_failed", "options." + option + ": " + allowed, false);
    }
}
