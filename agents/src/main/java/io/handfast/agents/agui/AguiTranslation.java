package io.handfast.agents.agui;

import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agents.upstream.UpstreamFailures;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the AG-UI events of one run into ours (docs/agents-http.md, "What becomes of its events"). It is stricter than it
 * must be only where guessing would attribute content wrongly, and lenient elsewhere: an agent that forgets
 * {@code RUN_STARTED} is still understood. Does no I/O; not thread-safe.
 */
public final class AguiTranslation {
    private static final int CHUNK_CHARS_MAX = 16 * 1024;
    private static final String PARAGRAPH = "\n\n";

    private final AgentEvents events;
    private final UpstreamFailures failures;
    private final Set<String> clientTools;
    private final UpstreamToolCalls toolCalls;
    private final Set<String> foreignMessages = new HashSet<>();
    private @Nullable String answering;
    private @Nullable String chunkedMessage;
    private boolean answered;
    private boolean started;
    private boolean versioned;

    /**
     * @param failures words the errors
     * @param clientTools the names of the tools that the client offered and runs itself
     * @param maxArgumentChars the most that the arguments of one tool call may have
     */
    public AguiTranslation(
            AgentEvents events, UpstreamFailures failures, Set<String> clientTools, int maxArgumentChars) {
        this.events = events;
        this.failures = failures;
        this.clientTools = clientTools;
        this.toolCalls = new UpstreamToolCalls(events, maxArgumentChars);
    }

    /**
     * Where the translation has come to, as a value of {@link io.handfast.protocol.Json}: what {@link #resume} needs to go on in
     * another process.
     */
    public Map<String, Object> position() {
        Map<String, Object> position = new LinkedHashMap<>();
        position.put("started", started);
        position.put("versioned", versioned);
        position.put("answered", answered);
        if (answering != null) {
            position.put("answering", answering);
        }
        if (chunkedMessage != null) {
            position.put("chunked", chunkedMessage);
        }
        if (!foreignMessages.isEmpty()) {
            position.put("foreign", List.copyOf(foreignMessages));
        }
        position.put("tools", toolCalls.position());
        return position;
    }

    /** Goes on where another translation of the same run had come to; this one has taken nothing yet. */
    public void resume(Map<?, ?> position) {
        started = Boolean.TRUE.equals(position.get("started"));
        versioned = Boolean.TRUE.equals(position.get("versioned"));
        answered = Boolean.TRUE.equals(position.get("answered"));
        answering = position.get("answering") instanceof String id ? id : null;
        chunkedMessage = position.get("chunked") instanceof String id ? id : null;
        if (position.get("foreign") instanceof List<?> foreign) {
            foreign.forEach(id -> foreignMessages.add(String.valueOf(id)));
        }
        if (position.get("tools") instanceof Map<?, ?> tools) {
            toolCalls.resume(tools);
        }
    }

    /**
     * Takes the next event.
     *
     * @return whether the run is complete; nothing may follow
     * @throws MalformedAguiException when the event makes no sense here
     * @throws AgentFailure when the run failed
     * @throws AgentCancelled when it was cancelled upstream
     */
    public boolean take(AguiEvent event) throws MalformedAguiException, AgentFailure, AgentCancelled {
        AguiType type = event.type();
        if (type == null) {
            passOn(event);
            return false;
        }
        if (type != AguiType.TOOL_CALL_CHUNK) {
            toolCalls.endChunked();
        }
        switch (type) {
            case RUN_STARTED -> runStarted(event);
            case RUN_FINISHED -> {
                runFinished(event);
                return true;
            }
            case RUN_ERROR -> throw failures.error(event.required("message"), false);

            case TEXT_MESSAGE_START -> messageStart(event.required("messageId"), event.string("role"));
            case TEXT_MESSAGE_CONTENT -> messageContent(event.required("messageId"), event.required("delta"), event);
            case TEXT_MESSAGE_CHUNK -> messageChunk(event);

            case TOOL_CALL_START -> toolCalls.start(event.required("toolCallId"), event.required("toolCallName"));
            case TOOL_CALL_ARGS -> toolCalls.arguments(event.required("toolCallId"), event.required("delta"));
            case TOOL_CALL_END -> toolCalls.end(event.required("toolCallId"));
            case TOOL_CALL_CHUNK ->
                toolCalls.chunk(event.string("toolCallId"), event.string("toolCallName"), event.string("delta"));
            case TOOL_CALL_RESULT -> toolResult(event);

            case STEP_STARTED -> thinking(event.string("stepName"));
            case THINKING_START -> thinking(event.string("title"));
            case REASONING_MESSAGE_CONTENT, REASONING_MESSAGE_CHUNK, THINKING_TEXT_MESSAGE_CONTENT ->
                thinking(event.string("delta"));

            case TEXT_MESSAGE_END,
                    REASONING_START,
                    REASONING_MESSAGE_START,
                    REASONING_MESSAGE_END,
                    REASONING_END,
                    THINKING_END,
                    THINKING_TEXT_MESSAGE_START,
                    THINKING_TEXT_MESSAGE_END -> {} // brackets; what stands between them is passed on

            case CUSTOM -> events.custom(event.required("name"), event.fields().get("value"));
            case STATE_SNAPSHOT,
                    STATE_DELTA,
                    MESSAGES_SNAPSHOT,
                    ACTIVITY_SNAPSHOT,
                    ACTIVITY_DELTA,
                    RAW,
                    STEP_FINISHED,
                    REASONING_ENCRYPTED_VALUE,
                    SUBAGENT_STARTED,
                    SUBAGENT_FINISHED,
                    SUBAGENT_ERROR -> passOn(event);
        }
        return false;
    }

    private void passOn(AguiEvent event) {
        events.custom(event.name(), event.fields());
    }

    private void thinking(@Nullable String text) {
        if (text != null && !text.isEmpty()) {
            events.thinking(text);
        }
    }

    private void runStarted(AguiEvent event) throws MalformedAguiException {
        if (started) {
            throw new MalformedAguiException("a second RUN_STARTED in one run");
        }
        started = true;
        versioned = event.string("protocolVersion") != null;
    }

    /** Only what the assistant says is the answer; an absent role means assistant. */
    private void messageStart(String messageId, @Nullable String role) {
        if (role != null && !role.equals("assistant")) {
            foreignMessages.add(messageId);
        }
    }

    private void messageContent(String messageId, String delta, AguiEvent event) {
        if (foreignMessages.contains(messageId)) {
            passOn(event);
            return;
        }
        if (delta.isEmpty()) {
            return;
        }
        String text = answered && !messageId.equals(answering) ? PARAGRAPH + delta : delta;
        answering = messageId;
        answered = true;
        for (int from = 0; from < text.length(); from += CHUNK_CHARS_MAX) {
            events.chunk(text.substring(from, Math.min(text.length(), from + CHUNK_CHARS_MAX)));
        }
    }

    private void messageChunk(AguiEvent event) throws MalformedAguiException {
        String messageId = event.string("messageId");
        if (messageId == null) {
            messageId = chunkedMessage;
            if (messageId == null) {
                throw new MalformedAguiException("TEXT_MESSAGE_CHUNK that opens a message must have messageId");
            }
        } else if (!messageId.equals(chunkedMessage)) {
            chunkedMessage = messageId;
            messageStart(messageId, event.string("role"));
        }
        String delta = event.string("delta");
        if (delta != null) {
            messageContent(messageId, delta, event);
        }
    }

    private void toolResult(AguiEvent event) {
        String error = event.string("error"); // not of 1.0; some frameworks add the tool message's field
        boolean failed = error != null && !error.isEmpty();
        if (!toolCalls.result(event.required("toolCallId"), event.fields().get("content"), failed)) {
            passOn(event); // the answer to a call of an earlier run
        }
    }

    private void runFinished(AguiEvent event) throws MalformedAguiException, AgentCancelled {
        AguiOutcome outcome = AguiOutcome.of(event);
        if (outcome instanceof AguiOutcome.Cancelled) {
            throw new AgentCancelled("agent");
        }
        Map<String, Object> usage = UpstreamUsage.of(event.fields().get("usage"));
        if (usage != null) {
            events.usage(usage);
        }
        Object result = event.fields().get("result");
        if (result != null) {
            events.custom("result", result);
        }
        if (outcome instanceof AguiOutcome.Unknown) {
            passOn(event); // read as success, as AG-UI has it, but not silently
        }
        List<Map<String, Object>> pending = pending(outcome);
        if (!pending.isEmpty()) {
            events.pending(pending);
        }
    }

    private List<Map<String, Object>> pending(AguiOutcome outcome) {
        if (outcome instanceof AguiOutcome.Interrupted interrupted) {
            return interrupted.interrupts().stream()
                    .map(interrupt -> Map.<String, Object>of("kind", "interrupt", "interrupt", interrupt))
                    .toList();
        }
        if (outcome instanceof AguiOutcome.Success success
                && !success.pendingToolCallIds().isEmpty()) {
            return toolCalls.pending(success.pendingToolCallIds());
        }
        List<Map<String, Object>> pending = new ArrayList<>();
        for (Map<String, Object> call : toolCalls.unanswered()) {
            // 0.x agents often run tools themselves without ever telling a result: those wait for nobody
            if (versioned || clientTools.contains(String.valueOf(call.get("tool_name")))) {
                pending.add(call);
            }
        }
        return pending;
    }
}
