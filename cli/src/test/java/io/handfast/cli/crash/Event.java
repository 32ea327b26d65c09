package io.handfast.cli.crash;

import io.handfast.protocol.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JSON object from the server. Two that say the same have the same {@link #text()}. */
record Event(Map<String, @Nullable Object> fields) {

    static Event of(String json) {
        try {
            return of(Json.read(json.getBytes(StandardCharsets.UTF_8)));
        } catch (Json.MalformedJsonException e) {
            throw new IllegalArgumentException("not JSON: " + json, e);
        }
    }

    @SuppressWarnings("unchecked") // the server sends objects only
    static Event of(@Nullable Object value) {
        return new Event((Map<String, @Nullable Object>) Objects.requireNonNull(value));
    }

    String text() {
        return new String(Json.write(fields), StandardCharsets.UTF_8);
    }

    String type() {
        return string("type");
    }

    String string(String name) {
        return (String) value(name);
    }

    long number(String name) {
        return (Long) value(name);
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    boolean is(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    Event payload() {
        return of(fields.get("payload"));
    }

    /** Unix time in microseconds. */
    long micros() {
        return ((BigDecimal) value("timestamp")).movePointRight(6).longValueExact();
    }

    Object value(String name) {
        return Objects.requireNonNull(fields.get(name), () -> name + " of " + fields);
    }
}
