package io.handfast.run;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What one agent said in one run: it makes each emission an event, once, and refuses what would break the order of a run, so
 * that the agent that made the mistake gets the exception. Not thread-safe, but for {@link #encoded}.
 */
final class Transcript {
    private final RunLimits limits;
    private final StringBuilder answer = new StringBuilder();
    private final Map<String, OpenTool> openTools = new HashMap<>();
    private final Set<String> toolCallIds = new HashSet<>();
    private Json.@Nullable Raw usage;
    private Json.@Nullable Raw pending;
    private String heldBack = "";

    private record OpenTool(String name, long sinceNanos) {}

    Transcript(RunLimits limits) {
        this.limits = limits;
    }

    /**
     * The event for an emission, or null when there is nothing to write yet.
     *
     * @throws IllegalArgumentException when the emission is not legal here; nothing has changed then
     */
    @Nullable
    EventDraft draft(Emission emission, long nowNanos) {
        if (emission instanceof Emission.Chunk chunk) {
            return chunk(chunk);
        }
        if (emission instanceof Emission.Thinking thinking) {
            return bounded(EventType.AGENT_THINKING, Map.of("text", WellFormed.text(thinking.text())));
        }
        if (emission instanceof Emission.ToolExecuting tool) {
            return toolExecuting(tool, nowNanos);
        }
        if (emission instanceof Emission.ToolCompleted tool) {
            return toolCompleted(tool, nowNanos);
        }
        Emission.Custom custom = (Emission.Custom) emission;
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("name", custom.name());
        payload.put("value", custom.value());
        return bounded(EventType.CUSTOM, payload);
    }

    /** Models stream tokens, and a token may end in the middle of a character: the half waits for its other half. */
    private @Nullable EventDraft chunk(Emission.Chunk chunk) {
        String text = heldBack + chunk.text();
        int end = text.length();
        if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        String whole = WellFormed.text(text.substring(0, end));
        if (whole.length() > limits.answerCharsMax() - answer.length()) {
            throw new IllegalArgumentException("an answer may have at most " + limits.answerCharsMax() + " characters");
        }
        EventDraft draft = whole.isEmpty() ? null : bounded(EventType.AGENT_RESPONSE_CHUNK, Map.of("text", whole));
        heldBack = text.substring(end);
        answer.append(whole);
        return draft;
    }

    private EventDraft toolExecuting(Emission.ToolExecuting tool, long nowNanos) {
        String id = tool.toolCallId();
        if (!Ids.valid(id)) {
            throw new IllegalArgumentException("tool_call_id '" + id + "': must be " + Ids.ALLOWED);
        }
        if (toolCallIds.contains(id)) {
            throw new IllegalArgumentException("tool_call_id '" + id + "' was used before in this run");
        }
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("tool_call_id", id);
        payload.put("tool_name", tool.toolName());
        payload.put("arguments", tool.arguments());
        EventDraft draft = bounded(EventType.TOOL_EXECUTING, payload);
        toolCallIds.add(id);
        openTools.put(id, new OpenTool(tool.toolName(), nowNanos));
        return draft;
    }

    private EventDraft toolCompleted(Emission.ToolCompleted tool, long nowNanos) {
        OpenTool open = openTools.get(tool.toolCallId());
        if (open == null) {
            throw new IllegalArgumentException("no tool call '" + tool.toolCallId() + "' is open");
        }
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("tool_call_id", tool.toolCallId());
        payload.put("tool_name", open.name());
        payload.put("status", tool.status().name().toLowerCase(Locale.ROOT));
        payload.put("result", tool.result());
        payload.put("duration_ms", TimeUnit.NANOSECONDS.toMillis(nowNanos - open.sinceNanos()));
        EventDraft draft = bounded(EventType.TOOL_COMPLETED, payload);
        openTools.remove(tool.toolCallId());
        return draft;
    }

    void usage(Json.Raw usage) {
        this.usage = usage;
    }

    void pending(Json.Raw pending) {
        this.pending = pending;
    }

    /** The terminal event of an agent that returned. */
    EventDraft completed(long durationNanos) {
        return RunDrafts.completed(answer.toString(), TimeUnit.NANOSECONDS.toMillis(durationNanos), usage, pending);
    }

    private EventDraft bounded(EventType type, Map<String, ?> payload) {
        return new EventDraft(type, encoded(type.wireName(), payload).utf8());
    }

    /**
     * A value as JSON; any thread may call.
     *
     * @throws IllegalArgumentException when it is no JSON, or too much of it
     */
    Json.Raw encoded(String what, Object value) {
        byte[] json = Json.write(value);
        if (json.length > limits.eventBytesMax()) {
            throw new IllegalArgumentException(
                    what + " of " + json.length + " bytes: at most " + limits.eventBytesMax() + " are allowed");
        }
        return new Json.Raw(json);
    }
}
