package io.handfast.agents.upstream;

import io.handfast.agent.AgentFailure;
import java.util.concurrent.Semaphore;

/** How many runs an agent may have under way. First come, first served. */
public final class RunSlots {
    private final Semaphore free;
    private final int slots;
    private final boolean wait;
    private final String agent;

    /** @param wait whether a run beyond the limit waits; it is refused otherwise */
    public RunSlots(int slots, boolean wait, String agent) {
        this.free = new Semaphore(slots, true);
        this.slots = slots;
        this.wait = wait;
        this.agent = agent;
    }

    /** Takes a place, which {@link #give} gives back. */
    public void take() throws AgentFailure, InterruptedException {
        if (wait) {
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
