package io.handfast.protocol;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON as plain values: objects are {@link LinkedHashMap}, arrays {@link ArrayList}, strings, {@link Boolean}, whole numbers
 * {@link Long} or {@link BigInteger}, others {@link BigDecimal} (so that their digits survive), and null.
 */
public final class Json {
    /** How deep objects and arrays may nest. */
    public static final int MAX_DEPTH = 64;

    /** How many digits a number may have. */
    public static final int MAX_NUMBER_LENGTH = 256;

    /** A value within the bounds is written inside others, and some numbers are written longer than they came. */
    private static final int OWN_BOUNDS = 4;

    private static final JsonFactory FACTORY = factory(1);
    private static final JsonFactory OWN_FACTORY = factory(OWN_BOUNDS);

    private Json() {}

    private static JsonFactory factory(int bounds) {
        return JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(bounds * MAX_DEPTH)
                        .maxNumberLength(bounds * MAX_NUMBER_LENGTH)
                        .maxStringLength(Integer.MAX_VALUE)
                        .build())
                .build();
    }

    /**
     * Reads exactly one JSON value.
     *
     * @param utf8 valid UTF-8, bounded by the caller
     * @throws MalformedJsonException when it is not one value of JSON within the limits above
     */
    public static @Nullable Object read(byte[] utf8) throws MalformedJsonException {
        return read(FACTORY, utf8);
    }

    /**
     * The same for what {@link #write} made of values that {@link #read} took: it has room for the object around them.
     *
     * @throws MalformedJsonException when it is not one value of JSON
     */
    public static @Nullable Object readOwn(byte[] utf8) throws MalformedJsonException {
        return read(OWN_FACTORY, utf8);
    }

    private static @Nullable Object read(JsonFactory factory, byte[] utf8) throws MalformedJsonException {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), utf8)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw new MalformedJsonException("empty");
            }
            Object value = value(parser, first);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("something follows the JSON value");
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw new MalformedJsonException(
                    "deeper than " + MAX_DEPTH + " levels, or a number of more than " + MAX_NUMBER_LENGTH + " digits");
        } catch (JacksonException e) {
            throw new MalformedJsonException(e.getOriginalMessage());
        } catch (NumberFormatException e) {
            // From getDecimalValue: the grammar bounds no exponent, BigDecimal does.
            throw new MalformedJsonException("a number whose exponent is out of range");
        }
    }

    private static @Nullable Object value(JsonParser parser, JsonToken token) throws MalformedJsonException {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> {
                Number number = parser.getNumberValue();
                yield number instanceof BigInteger ? number : (Object) number.longValue();
            }
            case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new MalformedJsonException("unexpected " + token);
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws MalformedJsonException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            object.put(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static List<@Nullable Object> array(JsonParser parser) throws MalformedJsonException {
        List<@Nullable Object> array = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    /**
     * Writes a value of the kinds above (any {@link Map} with string keys, {@link Iterable} and {@link Number} will do), with
     * {@link Raw} spliced in untouched. Half a surrogate pair in a string becomes U+FFFD.
     *
     * @throws IllegalArgumentException for any other kind, or a number that JSON does not know
     */
    public static byte[] write(@Nullable Object value) {
        JsonBuilder json = new JsonBuilder(128);
        write(json, value);
        return json.bytes();
    }

    static void write(JsonBuilder json, @Nullable Object value) {
        if (value == null) {
            json.ascii("null");
        } else if (value instanceof CharSequence text) {
            json.string(text.toString());
        } else if (value instanceof Boolean truth) {
            json.ascii(truth.toString());
        } else if (value instanceof Number number) {
            writeNumber(json, number);
        } else if (value instanceof Map<?, ?> object) {
            String separator = "{";
            for (Map.Entry<?, ?> member : object.entrySet()) {
                json.ascii(separator).string(String.valueOf(member.getKey())).ascii(":");
                write(json, member.getValue());
                separator = ",";
            }
            json.ascii(object.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> array) {
            String separator = "";
            json.ascii("[");
            for (Object element : array) {
                json.ascii(separator);
                write(json, element);
                separator = ",";
            }
            json.ascii("]");
        } else if (value instanceof Raw raw) {
            json.raw(raw.utf8());
        } else {
            throw new IllegalArgumentException(
                    "not a value of JSON: " + value.getClass().getName());
        }
    }

    private static void writeNumber(JsonBuilder json, Number number) {
        boolean floating = number instanceof Double || number instanceof Float;
        if (floating && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException("not a number of JSON: " + number);
        }
        json.ascii(number.toString());
    }

    /** JSON in UTF-8 that is written as it stands. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    public record Raw(byte[] utf8) {}

    /** Input that is not JSON, or beyond the limits. The message says what and where. */
    public static final class MalformedJsonException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedJsonException(String message) {
            super(message);
        }
    }
}
