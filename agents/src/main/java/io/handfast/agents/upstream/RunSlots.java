package io.handfast.agents.upstream;

import io.handfast.agent.AgentFailure;
import java.util.concurrent.Semaphore;

/** How many runs an agent may have under way. First come, first served. */
public final class RunSlots {
    private final Semaphore free;
    private final int slots;
    private final WhenFull whenFull;
    private final String agent;

    public RunSlots(UpstreamLimits limits, String agent) {
        this.free = new Semaphore(limits.maxRuns(), true);
        this.slots = limits.maxRuns();
        this.whenFull = limits.whenFull();
        this.agent = agent;
    }

    /** Takes a place, which {@link #give} gives back. */
    public void take() throws AgentFailure, InterruptedException {
        if (whenFull == WhenFull.WAIT) {
            free.acquire();
        } else if (!free.tryAcquire()) {
            throw new AgentFailure("agent_failed", "agent " + agent + ": busy with " + slots + " runs", true);
        }
    }

    /** Gives a place back. */
    public void give() {
        free.release();
    }
}
