package io.handfast.agents.upstream;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the runs of an agent whose work is done by a service.
 *
 * @param deadline how long a run may take, counted from {@code agent_started}; null for the server's own deadline
 * @param maxRuns how many runs may be under way at once
 * @param whenFull what becomes of a run beyond that
 */
public record UpstreamLimits(@Nullable Duration deadline, UpstreamTimeouts timeouts, int maxRuns, WhenFull whenFull) {
    public static final UpstreamLimits DEFAULTS =
            new UpstreamLimits(null, UpstreamTimeouts.DEFAULTS, 64, WhenFull.WAIT);

    /** @throws IllegalArgumentException for a value out of range; the message names it and what is allowed */
    public UpstreamLimits {
        if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
            throw new IllegalArgumentException("deadline " + deadline + ": must be more than zero");
        }
        if (maxRuns < 1) {
            throw new IllegalArgumentException("max-runs " + maxRuns + ": must be at least 1");
        }
    }

    /** The same with other time-outs. */
    public UpstreamLimits with(UpstreamTimeouts others) {
        return new UpstreamLimits(deadline, others, maxRuns, whenFull);
    }

    /** {@link #deadline}, as {@link io.handfast.agent.Agent#deadline} tells it. */
    public Optional<Duration> ownDeadline() {
        return Optional.ofNullable(deadline);
    }
}
