package io.handfast.agents.agui;

import io.handfast.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event with all its fields as they came, also those that this version does not know.
 *
 * @param name the {@code type} on the wire
 * @param type the same, if it is known
 * @param fields the whole JSON object, {@code type} included; not to be changed
 */
public record AguiEvent(String name, @Nullable AguiType type, Map<String, @Nullable Object> fields) {
    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    /**
     * Reads one event.
     *
     * @param json the data of one server-sent event
     * @throws MalformedAguiException when it is not a JSON object with a {@code type}, or a known type lacks a field or has a
     *     malformed one
     */
    public static AguiEvent read(byte[] json) throws MalformedAguiException {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json)); // Jackson lets some ill-formed bytes pass
            return of(Json.read(json));
        } catch (CharacterCodingException e) {
            throw new MalformedAguiException("an event that is not UTF-8");
        } catch (Json.MalformedJsonException e) {
            throw new MalformedAguiException("an event that is not JSON");
        }
    }

    /** The same for a value of {@link Json}. */
    public static AguiEvent of(@Nullable Object value) throws MalformedAguiException {
        if (!(value instanceof Map<?, ?> object)) {
            throw new MalformedAguiException("an event that is not a JSON object");
        }
        if (!(object.get("type") instanceof String name) || name.isEmpty()) {
            throw new MalformedAguiException("an event without a type: must be a string");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        object.forEach((key, field) -> fields.put(String.valueOf(key), field));
        AguiType type = AguiType.named(name);
        if (type != null) {
            for (AguiField field : type.fields()) {
                field.check(name, fields);
            }
        }
        return new AguiEvent(name, type, fields);
    }

    /**
     * Makes an event.
     *
     * @param fields names and values in turn; a null value leaves its field out
     */
    public static AguiEvent of(AguiType type, @Nullable Object... fields) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("type", type.name());
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i + 1] != null) {
                all.put(String.valueOf(fields[i]), fields[i + 1]);
            }
        }
        try {
            return of(all);
        } catch (MalformedAguiException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** {@code CUSTOM}, whose value may be null. */
    static AguiEvent custom(String name, @Nullable Object value) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("type", AguiType.CUSTOM.name());
        fields.put("name", name);
        fields.put("value", value);
        return new AguiEvent(AguiType.CUSTOM.name(), AguiType.CUSTOM, fields);
    }

    /** An event as it came from somewhere else, with all its fields. */
    static AguiEvent passedOn(String name, Map<?, ?> given) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        given.forEach((field, value) -> fields.put(String.valueOf(field), value));
        return new AguiEvent(name, AguiType.named(name), fields);
    }

    /** A string field; null when it is absent. */
    public @Nullable String string(String field) {
        return fields.get(field) instanceof String text ? text : null;
    }

    /** A string field that {@link #read} has checked to be there. */
    String required(String field) {
        return Objects.requireNonNull(string(field), field);
    }

    /** The event as JSON in UTF-8: nothing lost, numbers with all their digits. */
    public byte[] json() {
        return Json.write(fields);
    }

    /** The event as one server-sent event. */
    public byte[] sse() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(DATA);
        bytes.writeBytes(json());
        bytes.writeBytes(END);
        return bytes.toByteArray();
    }
}
