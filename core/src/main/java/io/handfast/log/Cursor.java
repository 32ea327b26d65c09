package io.handfast.log;

/**
 * A position in a thread's log: everything up to and including {@code seq} of {@code epoch} lies behind it.
 *
 * <p>The epoch guards against this accident: a log loses its tail, writes on, and a reader that had seen the lost tail
 * would skip as many new events as it had seen lost ones.
 *
 * @param epoch opaque, without {@code :}
 * @param seq 0 for "before the first event"
 */
public record Cursor(String epoch, long seq) {}
