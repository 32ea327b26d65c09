package io.handfast.connection;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When the peer is asked for a proof, and which Pongs answer (spec/protocol.md, "Repeats of proof"): again 50, 150 and 300 ms
 * after the first time, then every 500 ms, until the deadline. A repeat that comes late is not made up for.
 */
final class ProofSchedule implements Establishing {
    private static final long[] FIRST_REPEATS_NANOS = {millis(50), millis(150), millis(300)};
    private static final long REPEAT_NANOS = millis(500);

    private final LongSupplier nonces;
    private final long timeoutNanos;
    private final List<byte[]> asked = new ArrayList<>(2);
    private long firstNanos;
    private long nextAskNanos;

    /**
     * Settled by {@code firstNanos}, when it first asks.
     *
     * @param timeoutNanos counted from the first time
     */
    ProofSchedule(long firstNanos, long timeoutNanos, LongSupplier nonces) {
        this.firstNanos = firstNanos;
        this.nextAskNanos = firstNanos;
        this.timeoutNanos = timeoutNanos;
        this.nonces = nonces;
    }

    @Override
    public Step step(long now, boolean upgradeWritten) {
        if (asked.isEmpty()) {
            firstNanos = Math.max(firstNanos, now);
        } else if (now >= deadlineNanos()) {
            return Step.FAIL;
        }
        if (now < nextAskNanos) {
            return Step.WAIT;
        }
        nextAskNanos = repeatAfter(now - firstNanos);
        return Step.ASK;
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

    @Override
    public long nextNanos() {
        return Math.min(nextAskNanos, deadlineNanos());
    }

    private long deadlineNanos() {
        return firstNanos + timeoutNanos;
    }

    /** A new nonce, for the Ping that is due. */
    byte[] nonce() {
        byte[] nonce =
                ByteBuffer.allocate(Long.BYTES).putLong(nonces.getAsLong()).array();
        asked.add(nonce);
        return nonce.clone();
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

    @Override
    public int attempts() {
        return asked.size();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
