package io.handfast.run;

import java.time.Duration;

/**
 * Bounds of a run.
 *
 * @param deadlineNanos how long an agent may work, counted from {@code agent_started}; a message's option
 *     {@code deadline_ms} can only shorten it
 * @param idleDeadlineNanos how long an agent may be silent, counted from {@code agent_started}, then from its last
 *     event; {@link Long#MAX_VALUE} for as long as its deadline lets it
 * @param openRunsPerUserMax how many runs without an end a user may have in this process; 0 for no bound
 * @param undurableEventsMax how many events of a run may wait for the log before its agent has to wait
 * @param undurableBytesMax the same in bytes of payload
 * @param eventBytesMax the largest payload of one event
 * @param answerCharsMax the longest answer, summed over its chunks
 * @param logPatienceNanos how long the log may refuse the events of a working agent before its run is failed
 * @param retryFirstNanos the pause before the first repeat of a refused append; doubled for each further one
 * @param retryMaxNanos the longest such pause
 */
public record RunLimits(
        long deadlineNanos,
        long idleDeadlineNanos,
        int openRunsPerUserMax,
        int undurableEventsMax,
        int undurableBytesMax,
        int eventBytesMax,
        int answerCharsMax,
        long logPatienceNanos,
        long retryFirstNanos,
        long retryMaxNanos) {

    public RunLimits {
        if (deadlineNanos <= 0 || idleDeadlineNanos <= 0 || logPatienceNanos < 0 || openRunsPerUserMax < 0) {
            throw new IllegalArgumentException("deadlineNanos and idleDeadlineNanos must be above 0 (are "
                    + deadlineNanos + ", " + idleDeadlineNanos
                    + "), logPatienceNanos and openRunsPerUserMax at least 0 (are "
                    + logPatienceNanos + ", " + openRunsPerUserMax + ")");
        }
        if (undurableEventsMax < 1 || undurableBytesMax < 1 || eventBytesMax < 1 || answerCharsMax < 1) {
            throw new IllegalArgumentException("every maximum must be at least 1: events " + undurableEventsMax
                    + ", bytes " + undurableBytesMax + ", bytes of an event " + eventBytesMax
                    + ", characters of an answer "
                    + answerCharsMax);
        }
        if (retryFirstNanos <= 0 || retryMaxNanos < retryFirstNanos) {
            throw new IllegalArgumentException("retryMaxNanos (" + retryMaxNanos
                    + ") must be at least retryFirstNanos (" + retryFirstNanos + "), and that above 0");
        }
    }

    /** 120 s, no idle deadline, no bound for a user, 64 events, 1 MiB, 2 MiB, 1 Mi characters, 10 s, 20 ms, 1 s. */
    public static RunLimits ofDefaults() {
        return new RunLimits(
                Duration.ofSeconds(120).toNanos(),
                Long.MAX_VALUE,
                0,
                64,
                1 << 20,
                2 << 20,
                1 << 20,
                Duration.ofSeconds(10).toNanos(),
                Duration.ofMillis(20).toNanos(),
                Duration.ofSeconds(1).toNanos());
    }

    public RunLimits withDeadline(Duration deadline) {
        return with(deadline.toNanos(), idleDeadlineNanos, openRunsPerUserMax);
    }

    public RunLimits withIdleDeadline(Duration idleDeadline) {
        return with(deadlineNanos, idleDeadline.toNanos(), openRunsPerUserMax);
    }

    public RunLimits withOpenRunsPerUser(int max) {
        return with(deadlineNanos, idleDeadlineNanos, max);
    }

    private RunLimits with(long newDeadlineNanos, long newIdleDeadlineNanos, int newOpenRunsPerUserMax) {
        return new RunLimits(
                newDeadlineNanos,
                newIdleDeadlineNanos,
                newOpenRunsPerUserMax,
                undurableEventsMax,
                undurableBytesMax,
                eventBytesMax,
                answerCharsMax,
                logPatienceNanos,
                retryFirstNanos,
                retryMaxNanos);
    }
}
