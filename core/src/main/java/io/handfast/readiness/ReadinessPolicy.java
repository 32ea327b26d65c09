package io.handfast.readiness;

import java.time.Duration;
import java.util.List;

/**
 * How a new connection becomes READY.
 *
 * @param unproven what happens when {@code proof} is not given in time
 * @param validationMessage who is sent {@code handshake_validation}
 * @param settle pause of {@code proof} between the 101 and the first Ping
 * @param deadline by which {@code proof} must be given
 * @param timed the stages of {@code timed}
 */
public record ReadinessPolicy(
        Strategy strategy,
        Unproven unproven,
        ValidationMessage validationMessage,
        Duration settle,
        Duration deadline,
        TimedStages timed) {

    /** How READY is reached. */
    public enum Strategy {
        PROOF,
        TIMED,
        BASIC
    }

    /** What becomes of a connection that is not proven. */
    public enum Unproven {
        DEGRADE,
        CLOSE
    }

    /** Who is sent the validation message. */
    public enum ValidationMessage {
        NEGOTIATED,
        ALWAYS
    }

    /**
     * The stages of the report's remedy (R4, R5).
     *
     * @param settle the first pause after the 101
     * @param rechecks pauses before each re-check of whether the write of the 101 has completed
     * @param finalPause the pause behind the re-checks
     * @param validate whether a validation message is written at the end
     * @param firstTimeout how long the first validation's write may take
     * @param retryTimeout how long each further one may take
     * @param retryPauses pauses before each further one
     */
    public record TimedStages(
            Duration settle,
            List<Duration> rechecks,
            Duration finalPause,
            boolean validate,
            Duration firstTimeout,
            Duration retryTimeout,
            List<Duration> retryPauses) {}
}
