package io.handfast.log;

import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One committed event. Its bytes were encoded when it was appended and are shared by all readers.
 *
 * @param runId the run that the event belongs to, or that a user message starts
 * @param json the whole event as it travels, one JSON object in UTF-8; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // shared, compared by nobody
public record Entry(long seq, EventType type, @Nullable String runId, byte[] json) {

    /**
     * The payload, as {@link Json#readOwn} makes it; read anew with each call.
     *
     * @throws IllegalStateException when the event has none: whatever wrote it was no log
     */
    public Map<?, ?> payload() {
        try {
            if (Json.readOwn(json) instanceof Map<?, ?> event && event.get("payload") instanceof Map<?, ?> payload) {
                return payload;
            }
        } catch (Json.MalformedJsonException e) {
            throw new IllegalStateException("event " + seq + " of the log is not JSON", e);
        }
        throw new IllegalStateException("event " + seq + " of the log has no payload");
    }
}
