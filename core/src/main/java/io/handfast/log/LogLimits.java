package io.handfast.log;

import java.time.Duration;

/**
 * The bounds of a log.
 *
 * @param recentBytesMax bytes of committed events kept in memory for live readers, over all threads
 * @param residentThreadsMax threads whose state is kept in memory; others are read from the store when they are used
 * @param waitingBytesMax bytes of appends that may wait for the writer; beyond it they are refused
 * @param batchRequestsMax requests that are committed together
 * @param batchBytesMax bytes of requests that are committed together, though one at least
 * @param openRunsPerThreadMax runs of one thread without a terminal event
 * @param retention how much of the past is kept
 */
public record LogLimits(
        long recentBytesMax,
        int residentThreadsMax,
        long waitingBytesMax,
        int batchRequestsMax,
        int batchBytesMax,
        int openRunsPerThreadMax,
        Retention retention) {

    private static final long MIB = 1 << 20;

    /** Says what is wrong with the bounds, with the value. */
    public LogLimits {
        positive("recentBytesMax", recentBytesMax);
        positive("residentThreadsMax", residentThreadsMax);
        positive("waitingBytesMax", waitingBytesMax);
        positive("batchRequestsMax", batchRequestsMax);
        positive("batchBytesMax", batchBytesMax);
        positive("openRunsPerThreadMax", openRunsPerThreadMax);
    }

    public LogLimits withOpenRunsPerThread(int max) {
        return new LogLimits(
                recentBytesMax, residentThreadsMax, waitingBytesMax, batchRequestsMax, batchBytesMax, max, retention);
    }

    /** The same with another retention. */
    public LogLimits with(Retention other) {
        return new LogLimits(
                recentBytesMax,
                residentThreadsMax,
                waitingBytesMax,
                batchRequestsMax,
                batchBytesMax,
                openRunsPerThreadMax,
                other);
    }

    static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: more than 0");
        }
    }

    /** For a log in memory: it keeps at most 256 MiB of events; what {@link MemoryStore} keeps beside them is not bounded. */
    public static LogLimits forMemory() {
        return new LogLimits(
                32 * MIB,
                100_000,
                64 * MIB,
                1_024,
                4 * (int) MIB,
                16,
                new Retention(100_000, 32 * MIB, Retention.FOR_EVER, 256 * MIB));
    }

    /** For a log on disk: it keeps 30 days. */
    public static LogLimits forDisk() {
        return new LogLimits(
                64 * MIB,
                20_000,
                64 * MIB,
                1_024,
                4 * (int) MIB,
                16,
                new Retention(1_000_000, 256 * MIB, Duration.ofDays(30), Retention.UNLIMITED));
    }
}
