package io.handfast.agents;

import java.util.Map;
import java.util.OptionalInt;

/** The options of a message, read strictly: a wrong value fails the run with the name, the value and what is allowed. */
public final class MessageOptions {
    private final Map<String, Object> options;

    public MessageOptions(Map<String, Object> options) {
        this.options = options;
    }

    /**
     * A whole number from 0 to {@code max}, or empty when the option is not there.
     *
     * @throws IllegalArgumentException when it is anything else
     */
    public OptionalInt number(String name, int max) {
        if (!options.containsKey(name)) {
            return OptionalInt.empty();
        }
        Object value = options.get(name);
        if (value instanceof Long number && number >= 0 && number <= max) {
            return OptionalInt.of(number.intValue());
        }
        String shown = value instanceof String text ? '"' + text + '"' : String.valueOf(value);
        throw new IllegalArgumentException(
                "option " + name + " must be a whole number from 0 to " + max + ", not " + shown);
    }
}
