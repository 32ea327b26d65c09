package io.handfast.server.publish;

import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agents.agui.AguiEvent;
import io.handfast.agents.agui.AguiTranslation;
import io.handfast.agents.agui.MalformedAguiException;
import io.handfast.agents.upstream.UpstreamFailures;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the AG-UI events of a run that is fed from outside, from batch to batch: {@link #position} is stored with each batch, so
 * that what the next one means does not depend on the process that reads it. Not thread-safe.
 */
final class AguiReading {
    private static final int MAX_ARGUMENT_CHARS = 256 * 1024;
    private static final String READING = "reading";
    private static final String HELD_BACK = "held_back";
    private static final String BEGUN = "begun";
    private static final String ANSWER_CHARS = "answer_chars";

    private final AguiTranslation translation;
    private final List<EventDraft> drafts = new ArrayList<>();
    private final StringBuilder answer;
    private final int answerCharsMax;

    /** Of the whole run, also where {@link #answer} is not needed. */
    private long answerChars;

    private boolean tooLong;
    private String heldBack = "";
    private boolean begun;
    private boolean ended;
    private @Nullable Map<String, ?> usage;
    private @Nullable List<?> pending;

    /**
     * @param position where the reading has come to; null for a run of which nothing was read
     * @param answer the run's answer so far, as far as the batch needs it
     * @param answerCharsMax a run whose answer becomes longer ends there with {@code agent_error}, as one of an agent here does
     */
    AguiReading(String agent, byte @Nullable [] position, String answer, int answerCharsMax) {
        this.translation =
                new AguiTranslation(new Collector(), new UpstreamFailures(agent), Set.of(), MAX_ARGUMENT_CHARS);
        this.answer = new StringBuilder(answer);
        this.answerChars = answer.length();
        this.answerCharsMax = answerCharsMax;
        if (position != null) {
            resume(position);
        }
    }

    private void resume(byte[] position) {
        try {
            if (Json.read(position) instanceof Map<?, ?> fields && fields.get(READING) instanceof Map<?, ?> reading) {
                translation.resume(reading);
                begun = Boolean.TRUE.equals(fields.get(BEGUN));
                answerChars = fields.get(ANSWER_CHARS) instanceof Long chars ? chars : answerChars;
                heldBack = fields.get(HELD_BACK) instanceof Long half ? String.valueOf((char) half.intValue()) : "";
                return;
            }
        } catch (Json.MalformedJsonException e) {
            throw new IllegalStateException("the position of a reading is not JSON", e);
        }
        throw new IllegalStateException("the position of a reading is none");
    }

    /**
     * Whether the producer has ended the run: nothing may follow. What follows an answer that became too long comes to nothing,
     * because the producer could not know.
     */
    boolean ended() {
        return ended && !tooLong;
    }

    byte[] position() {
        Map<String, Object> position = new LinkedHashMap<>();
        position.put(READING, translation.position());
        position.put(BEGUN, begun);
        position.put(ANSWER_CHARS, answerChars);
        if (!heldBack.isEmpty()) {
            position.put(HELD_BACK, (int) heldBack.charAt(0)); // as a number: UTF-8 cannot carry it
        }
        return Json.write(position);
    }

    /**
     * What the next event comes to: any number of events of the log.
     *
     * @throws MalformedAguiException when it makes no sense here
     */
    List<EventDraft> take(AguiEvent event) throws MalformedAguiException {
        drafts.clear();
        if (tooLong) {
            return List.of();
        }
        try {
            if (!begun && event.name().equals("RUN_STARTED")) {
                begin();
            }
            boolean finished = translation.take(event);
            if (tooLong) {
                throw new AgentFailure(
                        "agent_failed", "an answer may have at most " + answerCharsMax + " characters", false);
            }
            if (finished) {
                complete();
            }
        } catch (AgentFailure failure) {
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put("code", failure.code());
            payload.put("message", String.valueOf(failure.getMessage()));
            payload.put("retryable", failure.retryable());
            end(EventType.AGENT_ERROR, payload);
        } catch (AgentCancelled cancelled) {
            end(EventType.AGENT_CANCELLED, Map.of("by", cancelled.by()));
        }
        return List.copyOf(drafts);
    }

    private void complete() {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("text", answer.toString());
        if (usage != null) {
            payload.put("usage", usage);
        }
        if (pending != null) {
            payload.put("pending", pending);
        }
        end(EventType.AGENT_COMPLETED, payload);
    }

    private void end(EventType type, Map<String, ? extends @Nullable Object> payload) {
        ended = true;
        drafts.add(new EventDraft(type, Json.write(payload)));
    }

    /** An agent that forgets {@code RUN_STARTED} is understood all the same. */
    private void begin() {
        begun = true;
        drafts.add(new EventDraft(EventType.AGENT_STARTED, Json.write(Map.of())));
    }

    private void add(EventType type, Map<String, ? extends @Nullable Object> payload) {
        if (!begun) {
            begin();
        }
        drafts.add(new EventDraft(type, Json.write(payload)));
    }

    /** Writes down what the translation tells. */
    private final class Collector implements AgentEvents {
        @Override
        public void thinking(String text) {
            add(EventType.AGENT_THINKING, Map.of("text", text));
        }

        @Override
        public void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put("tool_call_id", toolCallId);
            payload.put("tool_name", toolName);
            payload.put("arguments", arguments);
            add(EventType.TOOL_EXECUTING, payload);
        }

        @Override
        public void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result) {
            Map<String, @Nullable Object> payload = new LinkedHashMap<>();
            payload.put("tool_call_id", toolCallId);
            payload.put("status", status.name().toLowerCase(Locale.ROOT));
            payload.put("result", result);
            add(EventType.TOOL_COMPLETED, payload);
        }

        /** A piece may end in the middle of a character: the half waits for its other half. */
        @Override
        public void chunk(String text) {
            String whole = heldBack + text;
            int end = whole.length();
            if (end > 0 && Character.isHighSurrogate(whole.charAt(end - 1))) {
                end--;
            }
            tooLong |= end > answerCharsMax - answerChars;
            if (tooLong) {
                return;
            }
            heldBack = whole.substring(end);
            if (end > 0) {
                answerChars += end;
                answer.append(whole, 0, end);
                add(EventType.AGENT_RESPONSE_CHUNK, Map.of("text", whole.substring(0, end)));
            }
        }

        @Override
        public void custom(String name, @Nullable Object value) {
            Map<String, @Nullable Object> payload = new LinkedHashMap<>();
            payload.put("name", name);
            payload.put("value", value);
            add(EventType.CUSTOM, payload);
        }

        @Override
        public void usage(Map<String, ?> reported) {
            usage = reported;
        }

        @Override
        public void pending(List<? extends Map<String, ?>> reported) {
            pending = reported;
        }
    }
}
