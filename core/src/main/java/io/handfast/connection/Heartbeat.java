package io.handfast.connection;

import java.util.function.LongSupplier;

/**
 * When to ask whether the peer lives, and when to give it up (R7, R8; spec/protocol.md, close code 4003).
 *
 * <p><b>Beat.</b> A beat is a Ping <em>and</em> a data {@code heartbeat}. It goes out when nothing came in, or no data frame
 * went out, for one interval since the last beat. The data frame is for edges that count only data, or only what the server
 * sends, against their idle limit (F13), and for those that eat Pings (F15); the Ping is for clients without an obligation
 * to answer {@code heartbeat}. The interval is jittered to 85 to 100 per cent, so that thousands of clients that came
 * together do not beat together.
 *
 * <p><b>Gone.</b> The peer is gone after two full intervals without a sign of life. A sign of life is any inbound byte, Pongs
 * included, and, while output was blocked, any write progress: a peer that still reads a full pipe is slow, not gone (F17);
 * but progress into an empty pipe only fills the kernel's buffer and proves nothing (F11). Since every beat asks in both ways,
 * the protocol's distinction is kept by construction: where Pongs were never seen, the data heartbeat beside the Ping is
 * what went unanswered. A live stack with a dead application is not gone (F16): acknowledgements show that. While
 * output is blocked a beat is skipped, for it would only lengthen the queue, and while the machine itself wants no input the
 * peer's silence is no fault of the peer.
 */
final class Heartbeat {
    private static final int JITTER_PERCENT = 15;

    private final long intervalNanos;
    private final LongSupplier random;
    private long lifeNanos;
    private long sentNanos;
    private long beatNanos;
    private long pauseNanos;

    Heartbeat(long intervalNanos, LongSupplier random) {
        this.intervalNanos = intervalNanos;
        this.random = random;
    }

    /** READY: the clock starts. */
    void start(long now) {
        lifeNanos = now;
        sentNanos = now;
        beat(now);
    }

    /** A sign of life. */
    void life(long now) {
        lifeNanos = now;
    }

    /** A data frame went out. */
    void sent(long now) {
        sentNanos = now;
    }

    /** A beat went out, or was skipped. */
    void beat(long now) {
        beatNanos = now;
        long percent = 100 - Long.remainderUnsigned(random.getAsLong(), JITTER_PERCENT + 1);
        // Never shorter than a nanosecond, or a tick would find the next beat due at once.
        pauseNanos = Math.max(1, intervalNanos / 100 * percent + intervalNanos % 100 * percent / 100);
    }

    boolean beatDue(long now) {
        return now >= beatDueNanos();
    }

    boolean gone(long now) {
        return now >= goneNanos();
    }

    long nextNanos() {
        return Math.min(beatDueNanos(), goneNanos());
    }

    private long beatDueNanos() {
        return Math.max(beatNanos, Math.min(lifeNanos, sentNanos)) + pauseNanos;
    }

    private long goneNanos() {
        return lifeNanos + 2 * intervalNanos;
    }
}
