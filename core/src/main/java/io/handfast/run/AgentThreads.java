package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentRequest;

/** Lets every run's agent work on a thread of its own, where it may block. */
public final class AgentThreads implements AgentHost {
    private final Launcher launcher;

    public AgentThreads(Launcher launcher) {
        this.launcher = launcher;
    }

    @Override
    public Work begin(Agent agent, AgentRequest request, RunFeed feed) {
        BlockingEvents events = new BlockingEvents(request.runId(), feed);
        Launcher.Launched launched = launcher.launch(() -> work(agent, request, events, feed));
        return new Work() {
            @Override
            public void stop() {
                launched.interrupt();
                events.room();
            }

            @Override
            public void room() {
                events.room();
            }
        };
    }

    private static void work(Agent agent, AgentRequest request, BlockingEvents events, RunFeed feed) {
        try {
            agent.run(request, events);
        } catch (Throwable e) { // whatever an agent throws, errors included, ends its run and nothing else
            feed.failed(e);
            return;
        }
        feed.completed();
    }
}
