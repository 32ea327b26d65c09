package io.handfast.agents.agui;

import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells one run of the log as AG-UI 1.0 (docs/agui.md): the inverse of {@link AguiTranslation}. It keeps the rules of sequence
 * that clients check: what is begun is ended before the run is, and nothing goes on that was not begun. Does no I/O; not
 * thread-safe.
 */
public final class AguiTelling {
    /** Events of an agent behind AG-UI that mean the same by themselves, whatever was told before them. */
    private static final Set<AguiType> FREE = Set.of(
            AguiType.STATE_SNAPSHOT,
            AguiType.STATE_DELTA,
            AguiType.MESSAGES_SNAPSHOT,
            AguiType.ACTIVITY_SNAPSHOT,
            AguiType.ACTIVITY_DELTA,
            AguiType.RAW,
            AguiType.REASONING_ENCRYPTED_VALUE);

    private static final String PROTOCOL_VERSION = "1.0";

    private final String threadId;
    private final String logRunId;
    private final String runId;
    private final List<AguiEvent> told = new ArrayList<>();
    private boolean begun;
    private boolean answered;
    private boolean ended;
    private @Nullable String message;
    private @Nullable String reasoning;
    private int messages;
    private int thoughts;

    /**
     * A telling that begins with the run.
     *
     * @param logRunId the run's id in the log; ids of messages are made of it
     * @param runId the run's id as the client knows it
     */
    public AguiTelling(String threadId, String logRunId, String runId) {
        this.threadId = threadId;
        this.logRunId = logRunId;
        this.runId = runId;
    }

    /** Whether the end of the run was told. */
    public boolean ended() {
        return ended;
    }

    /**
     * What the next event of the run comes to; nothing after its end.
     *
     * @param payload of the event, as {@link Json#read} makes it
     */
    public List<AguiEvent> tell(EventType type, Map<?, ?> payload) {
        told.clear();
        if (ended) {
            return List.of();
        }
        begin();
        switch (type) {
            case USER_MESSAGE, AGENT_STARTED -> {}
            case AGENT_THINKING -> thinking(text(payload, "text"));
            case TOOL_EXECUTING -> toolExecuting(payload);
            case TOOL_COMPLETED -> toolCompleted(payload);
            case AGENT_RESPONSE_CHUNK -> answer(text(payload, "text"));
            case CUSTOM -> custom(text(payload, "name"), payload.get("value"));
            case AGENT_COMPLETED -> completed(payload);
            case AGENT_ERROR -> failed(text(payload, "code"), text(payload, "message"));
            case AGENT_CANCELLED -> finished("outcome", Map.of("type", "cancelled"));
        }
        return List.copyOf(told);
    }

    /** The beginning of the run, with which every stream begins, also that of a client that joins later. */
    public AguiEvent started() {
        return AguiEvent.of(
                AguiType.RUN_STARTED, "threadId", threadId, "runId", runId, "protocolVersion", PROTOCOL_VERSION);
    }

    private void begin() {
        if (!begun) {
            begun = true;
            told.add(started());
        }
    }

    private void thinking(String text) {
        endMessage();
        if (text.isEmpty()) {
            return;
        }
        if (reasoning == null) {
            thoughts++;
            reasoning = logRunId + ":reasoning-" + thoughts;
            told.add(AguiEvent.of(AguiType.REASONING_START, "messageId", reasoning));
            told.add(AguiEvent.of(AguiType.REASONING_MESSAGE_START, "messageId", reasoning, "role", "reasoning"));
        }
        told.add(AguiEvent.of(AguiType.REASONING_MESSAGE_CONTENT, "messageId", reasoning, "delta", text));
    }

    private void endReasoning() {
        if (reasoning != null) {
            told.add(AguiEvent.of(AguiType.REASONING_MESSAGE_END, "messageId", reasoning));
            told.add(AguiEvent.of(AguiType.REASONING_END, "messageId", reasoning));
            reasoning = null;
        }
    }

    /** The first message has the id of the run, by which an answer is known in the history that agents are sent. */
    private void answer(String text) {
        endReasoning();
        if (text.isEmpty()) {
            return;
        }
        answered = true;
        if (message == null) {
            messages++;
            message = messages == 1 ? logRunId : logRunId + ":" + messages;
            told.add(AguiEvent.of(AguiType.TEXT_MESSAGE_START, "messageId", message, "role", "assistant"));
        }
        told.add(AguiEvent.of(AguiType.TEXT_MESSAGE_CONTENT, "messageId", message, "delta", text));
    }

    private void endMessage() {
        if (message != null) {
            told.add(AguiEvent.of(AguiType.TEXT_MESSAGE_END, "messageId", message));
            message = null;
        }
    }

    private void toolExecuting(Map<?, ?> payload) {
        endReasoning();
        endMessage();
        String id = text(payload, "tool_call_id");
        told.add(AguiEvent.of(AguiType.TOOL_CALL_START, "toolCallId", id, "toolCallName", text(payload, "tool_name")));
        String arguments = json(payload.get("arguments"));
        told.add(AguiEvent.of(AguiType.TOOL_CALL_ARGS, "toolCallId", id, "delta", arguments));
        told.add(AguiEvent.of(AguiType.TOOL_CALL_END, "toolCallId", id));
    }

    /** A call that was aborted has no result: nobody ran it, or the client is going to. */
    private void toolCompleted(Map<?, ?> payload) {
        if (text(payload, "status").equals("aborted")) {
            return;
        }
        String id = text(payload, "tool_call_id");
        Object result = payload.get("result");
        String content = result instanceof String text ? text : json(result);
        told.add(AguiEvent.of(
                AguiType.TOOL_CALL_RESULT,
                "messageId",
                logRunId + ":" + id,
                "toolCallId",
                id,
                "content",
                content,
                "role",
                "tool"));
    }

    private void custom(String name, @Nullable Object value) {
        if (value instanceof Map<?, ?> fields && name.equals(fields.get("type"))) {
            AguiType type = AguiType.named(name);
            if (type == null || FREE.contains(type)) {
                told.add(AguiEvent.passedOn(name, fields));
                return;
            }
        }
        told.add(AguiEvent.custom(name, value));
    }

    private void completed(Map<?, ?> payload) {
        if (!answered) { // a producer outside may tell the whole answer and no piece of it
            answer(text(payload, "text"));
        }
        finished(
                "outcome",
                AguiPending.outcome(payload.get("pending")),
                "usage",
                UpstreamUsage.told(payload.get("usage")));
    }

    private void finished(@Nullable Object... fields) {
        List<@Nullable Object> all = new ArrayList<>(List.of("threadId", threadId, "runId", runId));
        all.addAll(Arrays.asList(fields));
        finish(AguiEvent.of(AguiType.RUN_FINISHED, all.toArray()));
    }

    private void failed(String code, String why) {
        finish(AguiEvent.of(AguiType.RUN_ERROR, "message", why, "code", code));
    }

    private void finish(AguiEvent event) {
        endReasoning();
        endMessage();
        told.add(event);
        ended = true;
    }

    private static String text(Map<?, ?> payload, String field) {
        return payload.get(field) instanceof String text ? text : "";
    }

    private static String json(@Nullable Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }
}
