package io.handfast.run;

import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The option {@code deadline_ms} of a message, which any agent's run obeys. */
final class DeadlineOption {
    private static final String NAME = "deadline_ms";

    private DeadlineOption() {}

    /**
     * The deadline of a run: the option's, but never more than {@code maxNanos}.
     *
     * @throws IllegalArgumentException when the option is no whole number above 0
     */
    static long nanos(Map<String, Object> options, long maxNanos) {
        if (!options.containsKey(NAME)) {
            return maxNanos;
        }
        if (options.get(NAME) instanceof Long millis && millis > 0) {
            return Math.min(maxNanos, TimeUnit.MILLISECONDS.toNanos(millis));
        }
        throw new IllegalArgumentException(
                "option " + NAME + " must be a whole number of milliseconds above 0, not " + options.get(NAME));
    }
}
