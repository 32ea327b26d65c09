package io.handfast.log;

import org.jspecify.annotations.Nullable;

/** Where a reader asks to begin, before the log has said what of it is still there. */
public sealed interface Position {
    /** Everything that is retained. */
    record Oldest() implements Position {}

    /** Only events that come from now on. */
    record Latest() implements Position {}

    /**
     * Events with a greater {@code seq}.
     *
     * @param seq 0 or more
     * @param epoch the epoch that {@code seq} belongs to; null: the current one is assumed
     */
    record After(long seq, @Nullable String epoch) implements Position {}
}
