package io.handfast.run;

import java.util.List;
import java.util.Map;

/**
 * Where the work of a run hands in what it produces. Nothing here blocks; any thread may call. The first end that is
 * decided stands: what comes after it has no effect.
 */
public interface RunFeed {
    /**
     * Hands in an event of the run.
     *
     * @throws IllegalArgumentException when it is not legal here, or no JSON; the run goes on without it
     */
    Offer offer(Emission emission);

    /** What {@code agent_completed} reports as usage; a later call replaces an earlier one. */
    void usage(Map<String, ?> usage);

    /** What {@code agent_completed} reports as pending; a later call replaces an earlier one. */
    void pending(List<? extends Map<String, ?>> pending);

    /** The agent returned: the run ends with {@code agent_completed}. */
    void completed();

    /** The agent threw: the run ends with {@code agent_error}, or as {@link io.handfast.agent.AgentCancelled} says. */
    void failed(Throwable cause);

    /** What became of an offer. */
    enum Offer {
        /** It is part of the run. */
        TAKEN,
        /** Too much of the run is not durable yet: offer it again after {@link AgentHost.Work#room}. */
        FULL,
        /** The run has ended: it was refused and counted. */
        ENDED
    }
}
