package io.handfast.log;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Json.MalformedJsonException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The order of a run's events, the rules of the table of events in spec/protocol.md: {@code agent_started} first, exactly
 * one {@code tool_completed} for each {@code tool_executing}, exactly one terminal event and nothing after it. A terminal
 * event is never refused for what is missing before it; what is missing is written first: {@code agent_started}, and
 * {@code aborted} for each open tool call.
 */
final class RunOrder {
    /** Tool calls of one run; their ids are kept until it ends, to refuse a second use. */
    static final int TOOL_CALLS_MAX = 4_096;

    private static final String TOOL_CALL_ID = "tool_call_id";
    private static final String TOOL_NAME = "tool_name";

    private final RunState before;
    private final long nowMicros;
    private final List<EventDraft> ordered = new ArrayList<>();
    private final Map<String, RunState.OpenTool> openTools;
    private final Set<String> closedTools;
    private boolean started;
    private boolean ended;

    private RunOrder(RunState before, long nowMicros) {
        this.before = before;
        this.nowMicros = nowMicros;
        this.openTools = new LinkedHashMap<>(before.openTools());
        this.closedTools = new HashSet<>(before.closedTools());
        this.started = before.started();
        this.ended = before.ended();
    }

    /** What an append of a run comes to. */
    sealed interface Verdict {
        /**
         * These events are written.
         *
         * @param changed the run's state then; null when it stays as it is
         */
        record Written(List<EventDraft> events, @Nullable RunState changed) implements Verdict {}

        /** The run is over. */
        record Over() implements Verdict {}

        /** The events break the order of the run. */
        record Broken(String why) implements Verdict {}
    }

    /** Judges events for a run in this state; all of them are written or none. */
    static Verdict judge(RunState run, List<EventDraft> events, long nowMicros) {
        if (run.ended()) {
            return new Verdict.Over();
        }
        if (events.isEmpty()) {
            return new Verdict.Broken("no event to append; allowed: one or more");
        }
        if (run.started() && allFree(events)) {
            return new Verdict.Written(events, null);
        }
        RunOrder order = new RunOrder(run, nowMicros);
        for (EventDraft event : events) {
            String broken = order.take(event);
            if (broken != null) {
                return new Verdict.Broken(broken);
            }
        }
        return new Verdict.Written(order.ordered, order.changed());
    }

    /** Whether a run under way may have these at any time: the common case, answered without a copy of the state. */
    private static boolean allFree(List<EventDraft> events) {
        for (EventDraft event : events) {
            boolean free = switch (event.type()) {
                case AGENT_THINKING, AGENT_RESPONSE_CHUNK, CUSTOM -> true;
                case USER_MESSAGE,
                        AGENT_STARTED,
                        TOOL_EXECUTING,
                        TOOL_COMPLETED,
                        AGENT_COMPLETED,
                        AGENT_ERROR,
                        AGENT_CANCELLED -> false;
            };
            if (!free) {
                return false;
            }
        }
        return true;
    }

    private @Nullable String take(EventDraft given) {
        EventType type = given.type();
        if (ended) {
            return type.wireName() + " after the terminal event of run " + before.runId() + "; nothing may follow it";
        }
        if (type == EventType.USER_MESSAGE) {
            return "user_message is not an event of a run";
        }
        EventDraft event = before.producer() == null ? given : filled(given);
        if (type.terminal()) {
            complete();
            ended = true;
        } else {
            if (started == (type == EventType.AGENT_STARTED)) {
                return started
                        ? "a second agent_started in run " + before.runId() + "; allowed: one, as its first event"
                        : type.wireName() + " before agent_started in run " + before.runId();
            }
            String broken = switch (type) {
                case TOOL_EXECUTING -> toolExecuting(event);
                case TOOL_COMPLETED -> toolCompleted(event);
                default -> null;
            };
            if (broken != null) {
                return broken;
            }
            started = true;
        }
        ordered.add(event);
        return null;
    }

    private EventDraft filled(EventDraft event) {
        String toolCallId = event.type() == EventType.TOOL_COMPLETED ? text(payload(event), TOOL_CALL_ID) : null;
        return MissingFields.filled(event, before, toolCallId == null ? null : openTools.get(toolCallId), nowMicros);
    }

    private void complete() {
        if (!started) {
            started = true;
            Map<String, @Nullable Object> payload = new LinkedHashMap<>();
            payload.put("agent", before.agent());
            if (before.messageId() != null) {
                payload.put("message_id", before.messageId());
            }
            ordered.add(new EventDraft(EventType.AGENT_STARTED, Json.write(payload)));
        }
        openTools.forEach((id, tool) -> {
            Map<String, @Nullable Object> payload = new LinkedHashMap<>();
            payload.put(TOOL_CALL_ID, id);
            payload.put(TOOL_NAME, tool.toolName());
            payload.put("status", "aborted");
            payload.put("result", null);
            payload.put("duration_ms", MissingFields.millis(tool.startedMicros(), nowMicros));
            ordered.add(new EventDraft(EventType.TOOL_COMPLETED, Json.write(payload)));
        });
        openTools.clear();
    }

    private @Nullable String toolExecuting(EventDraft event) {
        Object payload = payload(event);
        String id = text(payload, TOOL_CALL_ID);
        String name = text(payload, TOOL_NAME);
        if (id == null || name == null) {
            return "tool_executing needs tool_call_id and tool_name, both strings";
        }
        if (openTools.containsKey(id) || closedTools.contains(id)) {
            return "tool_call_id " + id + " was used in run " + before.runId() + " already; allowed: once";
        }
        if (openTools.size() + closedTools.size() >= TOOL_CALLS_MAX) {
            return "run " + before.runId() + " has " + TOOL_CALLS_MAX + " tool calls; allowed: no more";
        }
        openTools.put(id, new RunState.OpenTool(name, nowMicros));
        return null;
    }

    private @Nullable String toolCompleted(EventDraft event) {
        Object payload = payload(event);
        String id = text(payload, TOOL_CALL_ID);
        if (id == null) {
            return "tool_completed needs tool_call_id, a string";
        }
        RunState.OpenTool open = openTools.remove(id);
        if (open == null) {
            return closedTools.contains(id)
                    ? "a second tool_completed for tool_call_id " + id + " in run " + before.runId()
                    : "tool_completed without tool_executing for tool_call_id " + id + " in run " + before.runId();
        }
        if (!open.toolName().equals(text(payload, TOOL_NAME))) {
            return "tool_completed of tool_call_id " + id + " needs the tool_name of its tool_executing, "
                    + open.toolName();
        }
        closedTools.add(id);
        return null;
    }

    // The id is read from the payload, not carried beside it: what is checked is then what readers get.
    private static @Nullable Object payload(EventDraft event) {
        try {
            return Json.readOwn(event.payload());
        } catch (MalformedJsonException e) {
            return null; // answered like an object without the field
        }
    }

    private static @Nullable String text(@Nullable Object payload, String field) {
        return payload instanceof Map<?, ?> object && object.get(field) instanceof String text ? text : null;
    }

    private @Nullable RunState changed() {
        boolean unchanged = started == before.started()
                && ended == before.ended()
                && openTools.equals(before.openTools())
                && closedTools.size() == before.closedTools().size();
        if (unchanged) {
            return null;
        }
        return new RunState(
                before.threadId(),
                before.incarnation(),
                before.runId(),
                before.ownerId(),
                before.agent(),
                before.messageId(),
                ended ? null : before.options(),
                before.openedMicros(),
                before.openedSeq(),
                started,
                ended,
                ended ? Map.of() : Collections.unmodifiableMap(openTools),
                ended ? Set.of() : Collections.unmodifiableSet(closedTools),
                producer());
    }

    private @Nullable Producer producer() {
        Producer producer = before.producer();
        if (producer != null && started && !before.started()) {
            producer = producer.started(nowMicros);
        }
        return producer != null && ended ? producer.ended() : producer;
    }
}
