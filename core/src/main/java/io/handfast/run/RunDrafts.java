package io.handfast.run;

import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentFailure;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events that the gateway itself writes for a run (spec/protocol.md, "Events: the log of a thread"). */
final class RunDrafts {
    static final String AGENT_FAILED = "agent_failed";
    static final String DEADLINE_EXCEEDED = "deadline_exceeded";
    static final String AGENT_LOST = "agent_lost";

    private static final int MESSAGE_CHARS_MAX = 2_000;

    private RunDrafts() {}

    static EventDraft started(String agent, @Nullable String messageId) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("agent", agent);
        if (messageId != null) {
            payload.put("message_id", messageId);
        }
        return draft(EventType.AGENT_STARTED, payload);
    }

    static EventDraft completed(String text, long durationMs, Json.@Nullable Raw usage, Json.@Nullable Raw pending) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("text", text);
        payload.put("duration_ms", durationMs);
        if (usage != null) {
            payload.put("usage", usage);
        }
        if (pending != null) {
            payload.put("pending", pending);
        }
        return draft(EventType.AGENT_COMPLETED, payload);
    }

    static EventDraft error(String code, String message, boolean retryable) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("code", code);
        payload.put("message", WellFormed.text(shortened(message)));
        payload.put("retryable", retryable);
        return draft(EventType.AGENT_ERROR, payload);
    }

    static EventDraft lost(String why) {
        return error(AGENT_LOST, why, true);
    }

    static EventDraft cancelled(String by) {
        return draft(EventType.AGENT_CANCELLED, Map.of("by", by));
    }

    static EventDraft draft(EventType type, Map<String, ?> payload) {
        return new EventDraft(type, Json.write(payload));
    }

    /** How a run ends whose agent threw this. */
    static EventDraft of(Throwable thrown) {
        if (thrown instanceof AgentCancelled cancelled) {
            return cancelled(WellFormed.text(cancelled.by()));
        }
        if (thrown instanceof AgentFailure failure) {
            return error(failure.code(), messageOf(failure), failure.retryable());
        }
        return error(AGENT_FAILED, messageOf(thrown), false);
    }

    private static String messageOf(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank()
                ? "the agent failed: " + thrown.getClass().getSimpleName()
                : message;
    }

    private static String shortened(String message) {
        return message.length() <= MESSAGE_CHARS_MAX ? message : message.substring(0, MESSAGE_CHARS_MAX) + "…";
    }
}
