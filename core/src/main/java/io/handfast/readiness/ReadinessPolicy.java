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
            List<Duration> retryPauses) {

        /** The stages of R4 and R5, exactly. */
        public static TimedStages full() {
            return new TimedStages(
                    Duration.ofMillis(50),
                    List.of(Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(75)),
                    Duration.ofMillis(25),
                    true,
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    List.of(Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(150)));
        }

        /** A pause, then READY as soon as the 101 is written (R6, development and testing). */
        public static TimedStages basicCheck(Duration settle) {
            return new TimedStages(
                    settle, List.of(), Duration.ZERO, false, Duration.ofSeconds(2), Duration.ofSeconds(1), List.of());
        }
    }

    /** The same, reached in another way. */
    public ReadinessPolicy withStrategy(Strategy other) {
        return new ReadinessPolicy(other, unproven, validationMessage, settle, deadline, timed);
    }

    /** The same with another end for the unproven. */
    public ReadinessPolicy withUnproven(Unproven other) {
        return new ReadinessPolicy(strategy, other, validationMessage, settle, deadline, timed);
    }
}
