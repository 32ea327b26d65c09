package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;

import io.handfast.readiness.ReadinessPolicy.TimedStages;

/**
 * The stages of the strategy {@code timed} (R4, R5): pauses, re-checks of whether the 101 is written, a validation message and
 * its retries. Whether the message was written is seen by its owner.
 */
final class TimedSchedule implements Establishing {
    private final TimedStages stages;
    private Stage stage = Stage.SETTLING;
    private int rechecks;
    private int attempts;
    private long dueNanos;

    TimedSchedule(TimedStages stages, long now) {
        this.stages = stages;
        this.dueNanos = now + stages.settle().toNanos();
    }

    @Override
    public Step step(long now, boolean upgradeWritten) {
        while (now >= dueNanos) {
            switch (stage) {
                case SETTLING -> recheck(now, upgradeWritten);
                case PAUSED_AT_LAST -> {
                    if (stages.validate()) {
                        return validate(now);
                    }
                    enter(Stage.OPENING, NEVER);
                }
                case VALIDATING -> {
                    if (attempts > stages.retryPauses().size()) {
                        return Step.FAIL;
                    }
                    enter(
                            Stage.PAUSED_FOR_RETRY,
                            now + stages.retryPauses().get(attempts - 1).toNanos());
                }
                case PAUSED_FOR_RETRY -> {
                    return validate(now);
                }
                case OPENING -> throw new IllegalStateException("OPENING has no end of its own");
            }
        }
        return stage == Stage.OPENING && upgradeWritten ? Step.OPEN : Step.WAIT;
    }

    /** Only as many as needed; after the last the stages go on whatever it found, as in the report. */
    private void recheck(long now, boolean upgradeWritten) {
        if (!upgradeWritten && rechecks < stages.rechecks().size()) {
            enter(Stage.SETTLING, now + stages.rechecks().get(rechecks).toNanos());
            rechecks++;
        } else {
            enter(Stage.PAUSED_AT_LAST, now + stages.finalPause().toNanos());
        }
    }

    private Step validate(long now) {
        attempts++;
        enter(Stage.VALIDATING, now + (attempts == 1 ? stages.firstTimeout() : stages.retryTimeout()).toNanos());
        return Step.ASK;
    }

    private void enter(Stage next, long untilNanos) {
        stage = next;
        dueNanos = untilNanos;
    }

    @Override
    public long nextNanos() {
        return dueNanos;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    private enum Stage {
        SETTLING,
        PAUSED_AT_LAST,
        VALIDATING,
        PAUSED_FOR_RETRY,
        /** Every pause is over; only the write of the 101 is waited for. */
        OPENING
    }
}
