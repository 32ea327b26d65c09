package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;

/** Whether output flows: what the transport says about being writable, and how long it has made no progress. */
final class OutputFlow {
    private final long patienceNanos;
    private boolean upgradeWritten;
    private boolean writable = true;
    private long progressNanos;

    /** @param patienceNanos how long blocked output may make no progress */
    OutputFlow(long patienceNanos) {
        this.patienceNanos = patienceNanos;
    }

    void upgradeWritten(long now) {
        upgradeWritten = true;
        progressNanos = now;
    }

    void writable(boolean nowWritable, long now) {
        writable = nowWritable;
        progressNanos = now;
    }

    /** Some bytes have left; whether that is a sign of the peer's life. */
    boolean progressed(long now) {
        progressNanos = now;
        return !writable;
    }

    boolean writable() {
        return writable;
    }

    boolean upgradeWritten() {
        return upgradeWritten;
    }

    /** When patience ends; a 101 that does not get out blocks like anything else. */
    long stalledNanos() {
        return writable && upgradeWritten ? NEVER : progressNanos + patienceNanos;
    }
}
