package io.handfast.run;

import java.time.Duration;

/**
 * Bounds of a run.
 *
 * @param deadlineNanos how long an agent may work, counted from {@code agent_started}; a message's option
 *     {@code deadline_ms} can only shorten it
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
        int undurableEventsMax,
        int undurableBytesMax,
        int eventBytesMax,
        int answerCharsMax,
        long logPatienceNanos,
        long retryFirstNanos,
        long retryMaxNanos) {

    public RunLimits {
        if (deadlineNanos <= 0 || logPatienceNanos < 0) {
            throw new IllegalArgumentException("deadlineNanos must be above 0 (is " + deadlineNanos
                    + "), logPatienceNanos at least 0 (is " + logPatienceNanos + ")");
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

    /** 120 s, 64 events, 1 MiB, 2 MiB, 1 Mi characters, 10 s, 20 ms, 1 s. */
    public static RunLimits ofDefaults() {
        return new RunLimits(
                Duration.ofSeconds(120).toNanos(),
                64,
                1 << 20,
                2 << 20,
                1 << 20,
                Duration.ofSeconds(10).toNanos(),
                Duration.ofMillis(20).toNanos(),
                Duration.ofSeconds(1).toNanos());
    }

    public RunLimits withDeadline(Duration deadline) {
        return new RunLimits(
                deadline.toNanos(),
                undurableEventsMax,
                undurableBytesMax,
                eventBytesMax,
                answerCharsMax,
                logPatienceNanos,
                retryFirstNanos,
                retryMaxNanos);
    }
}
