package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentRequest;
import java.util.ArrayList;
import java.util.List;

/** Begins every work and does nothing: the test feeds the run step by step. */
final class ScriptedHost implements AgentHost {
    final List<ScriptedWork> works = new ArrayList<>();

    @Override
    public Work begin(Agent agent, AgentRequest request, RunFeed feed) {
        ScriptedWork work = new ScriptedWork(request, feed);
        works.add(work);
        return work;
    }

    ScriptedWork only() {
        if (works.size() != 1) {
            throw new AssertionError(works.size() + " works were begun, not 1");
        }
        return works.get(0);
    }

    ScriptedWork last() {
        return works.get(works.size() - 1);
    }

    static final class ScriptedWork implements Work {
        final AgentRequest request;
        final RunFeed feed;
        int stops;
        int rooms;

        ScriptedWork(AgentRequest request, RunFeed feed) {
            this.request = request;
            this.feed = feed;
        }

        RunFeed.Offer chunk(String text) {
            return feed.offer(new Emission.Chunk(text));
        }

        @Override
        public void stop() {
            stops++;
        }

        @Override
        public void room() {
            rooms++;
        }
    }
}
