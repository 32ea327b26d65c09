package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;

import io.handfast.readiness.ReadinessPolicy.TimedStages;

/**
 * The stages of the strategy {@code timed} (R4, R5): pauses, re-checks of whether the 101 is written, a validation message and
 * its retries. It knows only when; whether the message was written is seen by its owner.
 */
final class TimedSchedule {
    private final TimedStages stages;
    private Stage stage = Stage.SETTLING;
    private int rechecks;
    private int attempts;
    private long dueNanos;

    TimedSchedule(TimedStages stages, long now) {
        this.stages = stages;
        this.dueNanos = now + stages.settle().toNanos();
    }

    /** What is to be done now. Asked again until it says {@code WAIT}. */
    Step step(long now, boolean upgradeWritten) {
        if (stage == Stage.OPENING) {
            return upgradeWritten ? Step.OPEN : Step.WAIT;
        }
        if (now < dueNanos) {
            return Step.WAIT;
        }
        return switch (stage) {
            case SETTLING -> recheck(now, upgradeWritten);
            case PAUSED_AT_LAST -> stages.validate() ? validate(now) : open();
            case VALIDATING -> retry(now);
            case PAUSED_FOR_RETRY -> validate(now);
            case OPENING -> throw new IllegalStateException("handled above");
        };
    }

    /** Only as many as needed; after the last the stages go on whatever it found, as in the report. */
    private Step recheck(long now, boolean upgradeWritten) {
        if (!upgradeWritten && rechecks < stages.rechecks().size()) {
            dueNanos = now + stages.rechecks().get(rechecks).toNanos();
            rechecks++;
        } else {
            stage = Stage.PAUSED_AT_LAST;
            dueNanos = now + stages.finalPause().toNanos();
        }
        return Step.AGAIN;
    }

    private Step validate(long now) {
        attempts++;
        stage = Stage.VALIDATING;
        dueNanos = now + (attempts == 1 ? stages.firstTimeout() : stages.retryTimeout()).toNanos();
        return Step.VALIDATE;
    }

    private Step retry(long now) {
        if (attempts > stages.retryPauses().size()) {
            return Step.FAIL;
        }
        stage = Stage.PAUSED_FOR_RETRY;
        dueNanos = now + stages.retryPauses().get(attempts - 1).toNanos();
        return Step.AGAIN;
    }

    private Step open() {
        stage = Stage.OPENING;
        dueNanos = NEVER;
        return Step.AGAIN;
    }

    long nextNanos() {
        return dueNanos;
    }

    /** Validation messages so far. */
    int attempts() {
        return attempts;
    }

    /** What a moment asks for. */
    enum Step {
        WAIT,
        /** A stage is over: ask for the next. */
        AGAIN,
        VALIDATE,
        OPEN,
        FAIL
    }

    private enum Stage {
        SETTLING,
        PAUSED_AT_LAST,
        VALIDATING,
        PAUSED_FOR_RETRY,
        OPENING
    }
}
