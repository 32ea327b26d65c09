package io.handfast.protocol;

import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one object, read with checks. A field that is {@code null} counts as absent. Every complaint names the
 * field and what is allowed.
 */
final class Fields {
    private static final int SHOWN_LENGTH = 64;
    private static final BigDecimal MAX_SEQ = BigDecimal.valueOf(ClientFrames.MAX_SEQ);

    private final Map<String, @Nullable Object> fields;

    /** Before every name in a complaint, for an object within another. */
    private final String path;

    Fields(Map<String, @Nullable Object> fields) {
        this(fields, "");
    }

    Fields(Map<String, @Nullable Object> fields, String path) {
        this.fields = fields;
        this.path = path;
    }

    @Nullable
    Object value(String name) {
        return fields.get(name);
    }

    String id(String name) throws InvalidFieldException {
        if (value(name) instanceof String id && Ids.valid(id)) {
            return id;
        }
        throw invalid(name, "must be " + Ids.ALLOWED);
    }

    /** The id when it is one; for answers that name what they refuse. */
    @Nullable
    String idOrNull(String name) {
        return value(name) instanceof String id && Ids.valid(id) ? id : null;
    }

    long seq(String name) throws InvalidFieldException {
        Object value = value(name);
        if (value instanceof Long number && number >= 0 && number <= ClientFrames.MAX_SEQ) {
            return number;
        }
        // 7.0 and 7e0 are 7 for JSON. The comparisons come first: they are cheap for 1e999999999, its digits are not.
        if (value instanceof BigDecimal number
                && number.signum() >= 0
                && number.compareTo(MAX_SEQ) <= 0
                && number.stripTrailingZeros().scale() <= 0) {
            return number.longValueExact();
        }
        String latest = name.equals("after_seq") ? ", or \"latest\"" : "";
        throw invalid(name, "must be a whole number from 0 to " + ClientFrames.MAX_SEQ + latest);
    }

    /** A whole number from {@code min} to {@code max}. */
    long number(String name, long min, long max) throws InvalidFieldException {
        Object value = value(name);
        if (value instanceof Long number && number >= min && number <= max) {
            return number;
        }
        throw invalid(name, "must be a whole number from " + min + " to " + max);
    }

    @Nullable
    Long seqOrNull(String name) throws InvalidFieldException {
        return value(name) == null ? null : seq(name);
    }

    @Nullable
    String epochOrNull(String name) throws InvalidFieldException {
        if (value(name) == null) {
            return null;
        }
        String epoch = string(name, Ids.MAX_LENGTH);
        if (epoch.indexOf(':') >= 0) {
            throw invalid(name, "must be a string without ':', as it was received");
        }
        return epoch;
    }

    /** A string of at most so many characters. */
    String string(String name, int maxLength) throws InvalidFieldException {
        if (!(value(name) instanceof String text) || text.length() > maxLength) {
            throw invalid(name, "must be a string of at most " + maxLength + " characters");
        }
        return wellFormed(name, text);
    }

    /** A string of a published event, of any length: the batch has a bound of its own. */
    String anyString(String name) throws InvalidFieldException {
        if (!(value(name) instanceof String text)) {
            throw invalid(name, "must be a string; a batch has at most 1 MiB");
        }
        return wellFormed(name, text);
    }

    /** A string of at most so many bytes of UTF-8. */
    String text(String name, int maxBytes) throws InvalidFieldException {
        if (!(value(name) instanceof String text)) {
            throw invalid(name, "must be a string of at most " + maxBytes + " bytes of UTF-8; it may be empty");
        }
        long bytes = utf8Length(text);
        if (bytes > maxBytes) {
            throw new InvalidFieldException(
                    ErrorCode.TOO_LARGE,
                    path + name + " has " + bytes + " bytes of UTF-8; at most " + maxBytes + " are allowed");
        }
        return wellFormed(name, text);
    }

    /** A JSON object, as the bytes that mean the same. */
    byte @Nullable [] objectOrNull(String name) throws InvalidFieldException {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof Map)) {
            throw invalid(name, "must be an object");
        }
        checkWellFormed(name, value);
        return Json.write(value);
    }

    void checkWellFormed(String name, @Nullable Object value) throws InvalidFieldException {
        if (value instanceof String text) {
            wellFormed(name, text);
        } else if (value instanceof Map<?, ?> object) {
            for (Map.Entry<?, ?> member : object.entrySet()) {
                checkWellFormed(name, member.getKey());
                checkWellFormed(name, member.getValue());
            }
        } else if (value instanceof Iterable<?> array) {
            for (Object element : array) {
                checkWellFormed(name, element);
            }
        }
    }

    /**
     * JSON can escape half a surrogate pair; UTF-8 cannot carry it. It is refused rather than replaced, so that what was
     * accepted is what comes back.
     */
    private String wellFormed(String name, String text) throws InvalidFieldException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw invalid(name, "must be Unicode text: it has half of a surrogate pair at character " + i);
                }
                i++;
            }
        }
        return text;
    }

    private static long utf8Length(String text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // A surrogate pair is two characters and four bytes.
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return bytes;
    }

    /** A client's own word, short enough to be repeated to it. */
    static String shown(String text) {
        return text.length() <= SHOWN_LENGTH ? text : text.substring(0, SHOWN_LENGTH) + "…";
    }

    InvalidFieldException invalid(String name, String allowed) {
        return new InvalidFieldException(path + name + " " + allowed);
    }

    /** Never leaves the package: it becomes a {@link Refusal}. */
    static final class InvalidFieldException extends Exception {
        private static final long serialVersionUID = 1L;

        private final ErrorCode code;
        private final String message;

        InvalidFieldException(String message) {
            this(ErrorCode.INVALID_FIELD, message);
        }

        InvalidFieldException(ErrorCode code, String message) {
            super(message, null, false, false);
            this.code = code;
            this.message = message;
        }

        ErrorCode code() {
            return code;
        }

        @Override
        public String getMessage() {
            return message;
        }
    }
}
