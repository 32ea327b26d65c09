package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentRequest;

/** Does the work of runs: on threads ({@link AgentThreads}), or, in a simulation, step by step. */
@FunctionalInterface
public interface AgentHost {
    /**
     * Begins the work of a run and returns at once. The work feeds {@code feed} and ends with {@link RunFeed#completed} or
     * {@link RunFeed#failed}.
     *
     * @throws RuntimeException when it cannot begin: the run ends with {@code agent_error}
     */
    Work begin(Agent agent, AgentRequest request, RunFeed feed);

    /** The work of a run that was begun. Neither method blocks. */
    interface Work {
        /** The run has ended without the work's doing: there is nothing left to work for. */
        void stop();

        /** An offer that was {@link RunFeed.Offer#FULL} may succeed now. */
        void room();
    }
}
