package io.handfast.protocol;

import io.handfast.protocol.Fields.InvalidFieldException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of the calls that feed a run from outside (spec/protocol.md, "HTTP"), checked field by field. What the log knows
 * may be left out of an event: {@code agent}, {@code duration_ms}, the {@code tool_name} of a {@code tool_completed}.
 */
public final class PublishBodies {
    /** How many events a batch may have. */
    public static final int EVENTS_MAX = 1_000;

    /** The longest deadline that a run may be given: a day. */
    public static final long DEADLINE_MS_MAX = 86_400_000;

    private static final int USER_CHARS_MAX = 256;
    private static final Set<String> STATUSES = Set.of("ok", "error", "aborted");
    private static final String TYPES = "agent_started, agent_thinking, tool_executing, tool_completed,"
            + " agent_response_chunk, agent_completed, agent_error, agent_cancelled, custom";

    private PublishBodies() {}

    /** {@code POST /v1/threads/{thread_id}/runs}. What is null was left out. */
    public record Opening(
            @Nullable String runId,
            String agent,
            @Nullable String userId,
            @Nullable Long deadlineMs,
            @Nullable Long idleDeadlineMs) {}

    /**
     * {@code POST /v1/runs/{run_id}/events}.
     *
     * @param events objects with a string {@code type}, otherwise unread
     */
    public record Events(long producerSeq, List<Map<String, @Nullable Object>> events) {}

    /**
     * Reads an opening.
     *
     * @param body as {@link Json#read} makes it
     */
    public static Outcome<Opening> opening(Map<String, @Nullable Object> body) {
        Fields fields = new Fields(body);
        try {
            return Outcome.done(new Opening(
                    fields.value("run_id") == null ? null : fields.id("run_id"),
                    fields.id("agent"),
                    fields.value("user_id") == null ? null : fields.string("user_id", USER_CHARS_MAX),
                    fields.value("deadline_ms") == null ? null : fields.number("deadline_ms", 1, DEADLINE_MS_MAX),
                    fields.value("idle_deadline_ms") == null
                            ? null
                            : fields.number("idle_deadline_ms", 1, DEADLINE_MS_MAX)));
        } catch (InvalidFieldException e) {
            return Outcome.refused(e.code(), e.getMessage());
        }
    }

    /**
     * Reads a batch.
     *
     * @param body as {@link Json#read} makes it
     */
    @SuppressWarnings("unchecked") // Json.read makes objects of this type only
    public static Outcome<Events> events(Map<String, @Nullable Object> body) {
        Fields fields = new Fields(body);
        try {
            long producerSeq = fields.number("producer_seq", 1, ClientFrames.MAX_SEQ - EVENTS_MAX);
            if (!(fields.value("events") instanceof List<?> list) || list.isEmpty() || list.size() > EVENTS_MAX) {
                throw fields.invalid("events", "must be an array of 1 to " + EVENTS_MAX + " events");
            }
            List<Map<String, @Nullable Object>> events = new ArrayList<>();
            for (Object element : list) {
                String at = at(events.size());
                if (!(element instanceof Map<?, ?> event) || !(event.get("type") instanceof String)) {
                    throw fields.invalid(at, "must be an object with a string \"type\"");
                }
                events.add((Map<String, @Nullable Object>) event);
            }
            return Outcome.done(new Events(producerSeq, events));
        } catch (InvalidFieldException e) {
            return Outcome.refused(e.code(), e.getMessage());
        }
    }

    /** How a complaint about an event of a batch names it. */
    public static String at(int index) {
        return "events[" + index + "]";
    }

    /**
     * One event of a batch, for the log.
     *
     * @param index its place in the batch
     */
    @SuppressWarnings("unchecked") // Json.read makes objects of this type only
    public static Outcome<EventDraft> draft(int index, Map<String, @Nullable Object> event) {
        Fields fields = new Fields(event, at(index) + ".");
        try {
            EventType type = type(fields);
            Object payload = event.get("payload") == null ? Map.of() : event.get("payload");
            if (!(payload instanceof Map<?, ?> object)) {
                throw fields.invalid("payload", "must be an object");
            }
            Fields given = new Fields((Map<String, @Nullable Object>) object, at(index) + ".payload.");
            return Outcome.done(new EventDraft(type, Json.write(checked(type, given, object))));
        } catch (InvalidFieldException e) {
            return Outcome.refused(e.code(), e.getMessage());
        }
    }

    private static EventType type(Fields fields) throws InvalidFieldException {
        for (EventType type : EventType.values()) {
            if (type.wireName().equals(fields.value("type"))) {
                return type;
            }
        }
        throw fields.invalid("type", "must be one of " + TYPES + ", or the type of an AG-UI event");
    }

    /** The payload with all its fields, also those that nobody here knows; a field that is null counts as absent. */
    private static Map<String, @Nullable Object> checked(EventType type, Fields given, Map<?, ?> object)
            throws InvalidFieldException {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        for (Map.Entry<?, ?> field : object.entrySet()) {
            String name = String.valueOf(field.getKey());
            given.checkWellFormed(name, name);
            given.checkWellFormed(name, field.getValue());
            if (field.getValue() != null) {
                payload.put(name, field.getValue());
            }
        }
        switch (type) {
            case USER_MESSAGE -> {} // the log refuses it, whatever it holds
            case AGENT_STARTED -> {
                if (payload.containsKey("agent")) {
                    given.id("agent");
                }
                if (payload.containsKey("message_id")) {
                    given.id("message_id");
                }
            }
            case AGENT_THINKING, AGENT_RESPONSE_CHUNK -> given.anyString("text");
            case TOOL_EXECUTING -> {
                given.id("tool_call_id");
                given.string("tool_name", Ids.MAX_LENGTH);
                object(given, payload, "arguments");
            }
            case TOOL_COMPLETED -> {
                given.id("tool_call_id");
                if (!STATUSES.contains(given.string("status", Ids.MAX_LENGTH))) {
                    throw given.invalid("status", "must be ok, error or aborted");
                }
                duration(given, payload);
                payload.putIfAbsent("result", null);
            }
            case AGENT_COMPLETED -> {
                given.anyString("text");
                duration(given, payload);
                if (payload.containsKey("usage")) {
                    object(given, payload, "usage");
                }
                if (payload.containsKey("pending")) {
                    pending(given, payload.get("pending"));
                }
            }
            case AGENT_ERROR -> {
                given.string("code", Ids.MAX_LENGTH);
                given.anyString("message");
                if (!(payload.computeIfAbsent("retryable", absent -> false) instanceof Boolean)) {
                    throw given.invalid("retryable", "must be true or false");
                }
            }
            case AGENT_CANCELLED -> {
                if (payload.putIfAbsent("by", "agent") != null) {
                    given.string("by", USER_CHARS_MAX);
                }
            }
            case CUSTOM -> {
                given.string("name", USER_CHARS_MAX);
                payload.putIfAbsent("value", null);
            }
        }
        return payload;
    }

    private static void object(Fields given, Map<String, @Nullable Object> payload, String name)
            throws InvalidFieldException {
        if (!(payload.computeIfAbsent(name, absent -> Map.of()) instanceof Map)) {
            throw given.invalid(name, "must be an object");
        }
    }

    private static void pending(Fields given, @Nullable Object value) throws InvalidFieldException {
        if (!(value instanceof List<?> list)
                || !list.stream()
                        .allMatch(wait -> wait instanceof Map<?, ?> object && object.get("kind") instanceof String)) {
            throw given.invalid("pending", "must be an array of objects, each with a string \"kind\"");
        }
    }

    private static void duration(Fields given, Map<String, @Nullable Object> payload) throws InvalidFieldException {
        if (payload.containsKey("duration_ms")
                && !(payload.get("duration_ms") instanceof Number number && number.doubleValue() >= 0)) {
            throw given.invalid("duration_ms", "must be a number of milliseconds, 0 or more");
        }
    }
}
