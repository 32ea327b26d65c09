package io.handfast.agents.agui;

import io.handfast.agent.AgentEvents;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one run: collects the arguments that come in fragments, shows a call when they are complete, and knows
 * which calls nobody has answered.
 */
final class UpstreamToolCalls {
    private final AgentEvents events;
    private final int maxArgumentChars;
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private @Nullable Call chunked;
    private int ids;

    UpstreamToolCalls(AgentEvents events, int maxArgumentChars) {
        this.events = events;
        this.maxArgumentChars = maxArgumentChars;
    }

    private static final class Call {
        final String upstreamId;
        final String id;
        final String name;
        final StringBuilder arguments = new StringBuilder();
        boolean shown;
        boolean answered;

        Call(String upstreamId, String id, String name) {
            this.upstreamId = upstreamId;
            this.id = id;
            this.name = name;
        }
    }

    /** All that {@link #resume} needs: of a call that was answered no more than its ids. */
    Map<String, Object> position() {
        List<Object> all = new ArrayList<>();
        for (Call call : calls.values()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("upstream", call.upstreamId);
            one.put("id", call.id);
            one.put("name", call.name);
            one.put("shown", call.shown);
            one.put("answered", call.answered);
            if (!call.answered) {
                positionOfArguments(call.arguments, one);
            }
            all.add(one);
        }
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("ids", ids);
        if (chunked != null) {
            position.put("chunked", chunked.upstreamId);
        }
        position.put("calls", all);
        return position;
    }

    /** Fragments may end in the middle of a character, and UTF-8 cannot carry a half: it goes as a number. */
    private static void positionOfArguments(CharSequence arguments, Map<String, Object> position) {
        int whole = arguments.length();
        if (whole > 0 && Character.isHighSurrogate(arguments.charAt(whole - 1))) {
            whole--;
            position.put("half", (int) arguments.charAt(whole));
        }
        position.put("arguments", arguments.subSequence(0, whole).toString());
    }

    void resume(Map<?, ?> position) {
        ids = position.get("ids") instanceof Number number ? number.intValue() : 0;
        if (position.get("calls") instanceof List<?> all) {
            for (Object one : all) {
                if (one instanceof Map<?, ?> fields) {
                    resumeCall(fields);
                }
            }
        }
        chunked = position.get("chunked") instanceof String upstreamId ? calls.get(upstreamId) : null;
    }

    private void resumeCall(Map<?, ?> fields) {
        Call call = new Call(
                String.valueOf(fields.get("upstream")),
                String.valueOf(fields.get("id")),
                String.valueOf(fields.get("name")));
        call.shown = Boolean.TRUE.equals(fields.get("shown"));
        call.answered = Boolean.TRUE.equals(fields.get("answered"));
        if (fields.get("arguments") instanceof String arguments) {
            call.arguments.append(arguments);
        }
        if (fields.get("half") instanceof Long half) {
            call.arguments.append((char) half.intValue());
        }
        calls.put(call.upstreamId, call);
    }

    void start(String upstreamId, String name) throws MalformedAguiException {
        Call known = calls.get(upstreamId);
        if (known != null && !known.answered) {
            throw new MalformedAguiException("TOOL_CALL_START for a toolCallId that is open: must be new");
        }
        calls.remove(upstreamId);
        calls.put(upstreamId, new Call(upstreamId, known == null ? logId(upstreamId) : freshId(), name));
    }

    void arguments(String upstreamId, String delta) throws MalformedAguiException {
        Call call = calls.get(upstreamId);
        if (call == null || call.shown) {
            throw new MalformedAguiException("TOOL_CALL_ARGS for a toolCallId that is not open");
        }
        append(call, delta);
    }

    void end(String upstreamId) throws MalformedAguiException {
        Call call = calls.get(upstreamId);
        if (call == null || call.shown) {
            throw new MalformedAguiException("TOOL_CALL_END for a toolCallId that is not open");
        }
        show(call);
    }

    /** {@code TOOL_CALL_CHUNK}: a new id, with a name, opens a call; without an id it goes on with the open one. */
    void chunk(@Nullable String upstreamId, @Nullable String name, @Nullable String delta)
            throws MalformedAguiException {
        Call call = chunked;
        if (call == null || (upstreamId != null && !upstreamId.equals(call.upstreamId))) {
            endChunked();
            if (upstreamId == null || name == null) {
                throw new MalformedAguiException(
                        "TOOL_CALL_CHUNK that opens a call must have toolCallId and toolCallName");
            }
            start(upstreamId, name);
            call = calls.get(upstreamId);
            chunked = call;
        }
        if (delta != null && call != null) {
            append(call, delta);
        }
    }

    /** Any other event than another chunk ends the call that chunks opened. */
    void endChunked() {
        Call call = chunked;
        chunked = null;
        if (call != null && !call.shown) {
            show(call);
        }
    }

    /** Whether the result belonged to a call of this run that waited for it. */
    boolean result(String upstreamId, @Nullable Object content, boolean failed) {
        Call call = calls.get(upstreamId);
        if (call == null || call.answered) {
            return false;
        }
        if (!call.shown) {
            show(call);
        }
        call.answered = true;
        events.toolCompleted(call.id, failed ? AgentEvents.ToolStatus.ERROR : AgentEvents.ToolStatus.OK, content);
        return true;
    }

    /** The calls that nobody has answered, as {@code pending} tells them, in the order in which they were made. */
    List<Map<String, Object>> unanswered() {
        List<Map<String, Object>> unanswered = new ArrayList<>();
        for (Call call : calls.values()) {
            if (!call.answered) {
                unanswered.add(pending(call));
            }
        }
        return unanswered;
    }

    /** The same for calls that the upstream names. One that it never made is told by its id alone. */
    List<Map<String, Object>> pending(List<String> upstreamIds) {
        List<Map<String, Object>> pending = new ArrayList<>();
        for (String upstreamId : upstreamIds) {
            Call call = calls.get(upstreamId);
            pending.add(call == null ? Map.of("kind", "tool_call", "tool_call_id", upstreamId) : pending(call));
        }
        return pending;
    }

    private static Map<String, Object> pending(Call call) {
        Map<String, Object> pending = new LinkedHashMap<>();
        pending.put("kind", "tool_call");
        pending.put("tool_call_id", call.upstreamId);
        pending.put("tool_name", call.name);
        pending.put("arguments", parsed(call.arguments.toString()));
        return pending;
    }

    private void append(Call call, String delta) throws MalformedAguiException {
        if (delta.length() > maxArgumentChars - call.arguments.length()) {
            throw new MalformedAguiException(
                    "a tool call with arguments of more than " + maxArgumentChars + " characters");
        }
        call.arguments.append(delta);
    }

    private void show(Call call) {
        call.shown = true;
        events.toolExecuting(call.id, call.name, parsed(call.arguments.toString()));
    }

    /** AG-UI does not promise that arguments are a JSON object; ours are, so anything else is kept under one name. */
    private static Map<String, @Nullable Object> parsed(String arguments) {
        if (arguments.isBlank()) {
            return Map.of();
        }
        Map<String, @Nullable Object> wrapped = new LinkedHashMap<>();
        try {
            Object value = Json.read(arguments.getBytes(StandardCharsets.UTF_8));
            if (value instanceof Map<?, ?> object) {
                object.forEach((name, member) -> wrapped.put(String.valueOf(name), member));
            } else {
                wrapped.put("value", value);
            }
        } catch (Json.MalformedJsonException e) {
            wrapped.put("text", arguments); // shown as it came
        }
        return wrapped;
    }

    private String logId(String upstreamId) {
        return Ids.valid(upstreamId) && calls.values().stream().noneMatch(call -> call.id.equals(upstreamId))
                ? upstreamId
                : freshId();
    }

    private String freshId() {
        String id;
        do {
            ids++;
            id = "call-" + ids;
        } while (taken(id));
        return id;
    }

    private boolean taken(String id) {
        return calls.containsKey(id) || calls.values().stream().anyMatch(call -> call.id.equals(id));
    }
}
