package io.handfast.bench.client;

import io.handfast.protocol.Json;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A frame of the server: an object with a {@code type} (spec/protocol.md, "Frames"). */
public final class ServerFrame {
    private final Map<String, @Nullable Object> fields;

    private ServerFrame(Map<String, @Nullable Object> fields) {
        this.fields = fields;
    }

    /** Reads a text message; empty for what this protocol does not know, which a client passes over. */
    @SuppressWarnings("unchecked") // Json.read makes objects of this type only
    public static Optional<ServerFrame> read(byte[] utf8) {
        try {
            return Json.read(utf8) instanceof Map<?, ?> object && object.get("type") instanceof String
                    ? Optional.of(new ServerFrame((Map<String, @Nullable Object>) object))
                    : Optional.empty();
        } catch (Json.MalformedJsonException e) {
            return Optional.empty();
        }
    }

    public String type() {
        return text("type");
    }

    /** Whether it has a place in the log of a thread. */
    public boolean event() {
        return fields.get("seq") instanceof Long && fields.containsKey("payload");
    }

    /** The last place in the log for which it stands. */
    public long seq() {
        return number("seq");
    }

    /** The first place in the log for which it stands: adjacent chunks may come as one. */
    public long firstSeq() {
        return fields.get("first_seq") instanceof Long first ? first : seq();
    }

    /** A field that is text; empty when it is missing or something else. */
    public String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    /** A field that is a whole number; 0 when it is missing or something else. */
    public long number(String name) {
        return fields.get(name) instanceof Long number ? number : 0;
    }

    public boolean truth(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** When the server made it, in microseconds of Unix time; 0 when it does not say. */
    public long epochMicros() {
        Object timestamp = fields.get("timestamp");
        if (timestamp instanceof BigDecimal seconds) {
            return seconds.movePointRight(6).longValue();
        }
        return timestamp instanceof Long seconds ? seconds * 1_000_000 : 0;
    }

    /** The payload of an event, or an empty one. */
    @SuppressWarnings("unchecked") // as above
    public ServerFrame payload() {
        return fields.get("payload") instanceof Map<?, ?> payload
                ? new ServerFrame((Map<String, @Nullable Object>) payload)
                : new ServerFrame(Map.of());
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
