package io.handfast.log;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Json.MalformedJsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills in what a producer may leave out of its events, because the log knows it: names and durations. */
final class MissingFields {
    private static final String DURATION_MS = "duration_ms";
    private static final long MICROS_PER_MILLI = 1_000;

    private MissingFields() {}

    /**
     * The event with nothing missing; the same one when nothing was.
     *
     * @param tool the open call that it completes; null when it completes none
     */
    static EventDraft filled(EventDraft event, RunState run, RunState.@Nullable OpenTool tool, long nowMicros) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        if (event.type() == EventType.AGENT_STARTED) {
            known.put("agent", run.agent());
        } else if (event.type() == EventType.AGENT_COMPLETED) {
            Producer producer = run.producer();
            long since = producer == null || producer.startedMicros() == 0 ? nowMicros : producer.startedMicros();
            known.put(DURATION_MS, millis(since, nowMicros));
        } else if (event.type() == EventType.TOOL_COMPLETED && tool != null) {
            known.put("tool_name", tool.toolName());
            known.put("result", null);
            known.put(DURATION_MS, millis(tool.startedMicros(), nowMicros));
        }
        return known.isEmpty() ? event : with(event, known);
    }

    static long millis(long fromMicros, long toMicros) {
        return Math.max(0, toMicros - fromMicros) / MICROS_PER_MILLI;
    }

    private static EventDraft with(EventDraft event, Map<String, @Nullable Object> known) {
        try {
            if (!(Json.readOwn(event.payload()) instanceof Map<?, ?> given)
                    || given.keySet().containsAll(known.keySet())) {
                return event;
            }
            Map<String, @Nullable Object> payload = new LinkedHashMap<>();
            given.forEach((name, value) -> payload.put(String.valueOf(name), value));
            known.forEach(payload::putIfAbsent);
            return new EventDraft(event.type(), Json.write(payload));
        } catch (MalformedJsonException e) {
            throw new IllegalArgumentException("the payload of " + event.type() + " is not JSON", e);
        }
    }
}
