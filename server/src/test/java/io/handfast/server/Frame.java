package io.handfast.server;

import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** A JSON object from the server: a frame, an event, or the body of an answer. */
public record Frame(Map<String, Object> fields) {

    @SuppressWarnings("unchecked") // the server answers with objects only
    static Frame of(String json) {
        try {
            return new Frame(
                    (Map<String, Object>) Objects.requireNonNull(Json.read(json.getBytes(StandardCharsets.UTF_8))));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    String type() {
        return text("type");
    }

    long seq() {
        return (Long) value("seq");
    }

    /** The first event that it stands for: its own {@code seq}, unless several chunks came as one. */
    long firstSeq() {
        return (Long) fields.getOrDefault("first_seq", seq());
    }

    /** Whether it has a place in the log of a thread. */
    boolean event() {
        return fields.containsKey("seq") && fields.containsKey("payload");
    }

    String text(String name) {
        return (String) value(name);
    }

    @SuppressWarnings("unchecked") // the payload of every event is an object
    Frame payload() {
        return new Frame((Map<String, Object>) value("payload"));
    }

    private Object value(String name) {
        return Objects.requireNonNull(fields.get(name), () -> name + " of " + fields);
    }
}
