package io.handfast.connection;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the peer is asked for a proof, and what counts as the answer (spec/protocol.md, "Repeats of proof"): again 50, 150 and
 * 300 ms after the first time, then every 500 ms, until the deadline. A repeat that comes late is not made up for.
 */
final class ProofSchedule {
    private static final long[] FIRST_REPEATS_NANOS = {millis(50), millis(150), millis(300)};
    private static final long REPEAT_NANOS = millis(500);

    private final LongSupplier nonces;
    private final long timeoutNanos;
    private final List<byte[]> asked = new ArrayList<>(2);
    private long firstNanos;
    private long repeatNanos;

    ProofSchedule(long timeoutNanos, LongSupplier nonces) {
        this.timeoutNanos = timeoutNanos;
        this.nonces = nonces;
    }

    /** The nonce of the next Ping. */
    byte[] ask(long now) {
        if (asked.isEmpty()) {
            firstNanos = now;
        }
        repeatNanos = repeatAfter(now - firstNanos);
        byte[] nonce =
                ByteBuffer.allocate(Long.BYTES).putLong(nonces.getAsLong()).array();
        asked.add(nonce);
        return nonce.clone();
    }

    private long repeatAfter(long sinceFirst) {
        for (long repeat : FIRST_REPEATS_NANOS) {
            if (repeat > sinceFirst) {
                return firstNanos + repeat;
            }
        }
        long last = FIRST_REPEATS_NANOS[FIRST_REPEATS_NANOS.length - 1];
        return firstNanos + last + ((sinceFirst - last) / REPEAT_NANOS + 1) * REPEAT_NANOS;
    }

    boolean repeatDue(long now) {
        return now >= repeatNanos;
    }

    boolean overdue(long now) {
        return now >= deadlineNanos();
    }

    long nextNanos() {
        return Math.min(repeatNanos, deadlineNanos());
    }

    private long deadlineNanos() {
        return firstNanos + timeoutNanos;
    }

    /** Whether a Pong with this payload answers one of the Pings, whichever. */
    boolean answers(byte[] payload) {
        for (byte[] nonce : asked) {
            if (Arrays.equals(nonce, payload)) {
                return true;
            }
        }
        return false;
    }

    int attempts() {
        return asked.size();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
