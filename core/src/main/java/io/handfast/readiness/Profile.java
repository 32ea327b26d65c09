package io.handfast.readiness;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import java.time.Duration;
import java.util.Locale;

/** Where a server runs; chooses who may come in and the defaults of many settings (R6). */
public enum Profile {
    DEVELOPMENT,
    TESTING,
    STAGING,
    PRODUCTION;

    /** The name in settings and logs. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether callers may come in without showing who they are (spec/protocol.md, "Who"). */
    public boolean anonymousAllowed() {
        return this == DEVELOPMENT || this == TESTING;
    }

    /**
     * The policy where nothing else is set. The strategy is {@code proof} everywhere, so that tests run the path that
     * production runs; a profile differs in the stages of {@code timed} only.
     */
    public ReadinessPolicy readiness() {
        return new ReadinessPolicy(
                Strategy.PROOF,
                Unproven.DEGRADE,
                ValidationMessage.NEGOTIATED,
                Duration.ZERO,
                Duration.ofSeconds(5),
                timed());
    }

    private TimedStages timed() {
        return switch (this) {
            case DEVELOPMENT -> TimedStages.basicCheck(Duration.ofMillis(10));
            case TESTING -> TimedStages.basicCheck(Duration.ofMillis(5));
            case STAGING, PRODUCTION -> TimedStages.full();
        };
    }
}
