package io.handfast.agents.sse;

import java.nio.charset.StandardCharsets;

/**
 * One dispatched event.
 *
 * @param type the {@code event} field; {@code message} when there was none
 * @param lastEventId the {@code id} field of this event or of the last one before it that had one; may be empty
 * @param data the bytes of the {@code data} lines, joined by line feeds, exactly as they came
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
public record SseEvent(String type, String lastEventId, byte[] data) {
    /** The data as text; bytes that are not UTF-8 become U+FFFD, as the standard has it. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }
}
