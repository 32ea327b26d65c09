package io.handfast.protocol;

/**
 * What became of a request: done, or refused with a code that the wire knows. A stage of an {@code Outcome} never
 * completes exceptionally: a refusal is a value, so no caller can forget to unwrap it.
 */
public sealed interface Outcome<T> {
    /** The request was carried out, and is as durable as configured. */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * The request had no effect.
     *
     * @param message says what was wrong and what is allowed, for a person
     */
    record Refused<T>(ErrorCode code, String message) implements Outcome<T> {}

    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    static <T> Outcome<T> refused(ErrorCode code, String message) {
        return new Refused<>(code, message);
    }
}
