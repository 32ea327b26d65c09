package io.handfast.sim.world;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import io.handfast.run.AgentHost;
import io.handfast.run.Emission;
import io.handfast.run.RunFeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Agents that work step by step, each with a temper of its own. */
final class WorldAgents implements AgentHost {
    /** What an agent is like; the default one first. */
    enum Temper {
        ECHO,
        TOOLS,
        FAILS,
        HANGS,
        SLOW,
        BURSTS,
        CANCELS_ITSELF,
        WILD
    }

    private final Ground ground;
    private final Life life;
    private final Set<String> begun = new HashSet<>();

    WorldAgents(Ground ground, Life life) {
        this.ground = ground;
        this.life = life;
    }

    static List<Agent> all() {
        List<Agent> agents = new ArrayList<>();
        for (Temper temper : Temper.values()) {
            agents.add(named(temper.name()));
        }
        return agents;
    }

    private static Agent named(String name) {
        return new Agent() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return "Works in a simulated world.";
            }

            @Override
            public void run(AgentRequest request, AgentEvents events) {
                throw new IllegalStateException("in a world agents work step by step");
            }
        };
    }

    @Override
    public Work begin(Agent agent, AgentRequest request, RunFeed feed) {
        ground.laws().expect(begun.add(request.runId()), "an agent begins once for each run", request::runId);
        ground.trace().line("agent", "%s begins %s", agent.name(), request.runId());
        ground.counts().count("agents: " + agent.name());
        Script script = new Script(Temper.valueOf(agent.name()), feed);
        script.later();
        return script;
    }

    private final class Script implements Work {
        private final Temper temper;
        private final RunFeed feed;
        private final Dice dice = ground.dice().split();
        private final int steps = dice.between(0, 12);
        private int step;
        private int toolCalls;
        private boolean toolOpen;
        private boolean waits;
        private boolean over;

        Script(Temper temper, RunFeed feed) {
            this.temper = temper;
            this.feed = feed;
        }

        private void later() {
            long pauseNanos = switch (temper) {
                case BURSTS -> 0;
                case SLOW -> dice.millis(100, 1_500);
                default -> dice.micros(0, dice.oneIn(5) ? 400_000 : 5_000);
            };
            ground.agenda().in(pauseNanos, life, this::work);
        }

        private void work() {
            if (over || waits) {
                return;
            }
            if (step >= steps) {
                end();
                return;
            }
            Emission next = next();
            RunFeed.Offer offer = RunFeed.Offer.TAKEN;
            try {
                offer = feed.offer(next);
            } catch (IllegalArgumentException e) {
                ground.counts().count("emissions refused");
            }
            if (offer == RunFeed.Offer.FULL) {
                ground.counts().count("agents that waited for room");
                waits = true;
                return;
            }
            step++;
            if (offer == RunFeed.Offer.TAKEN || temper == Temper.WILD) {
                later();
            }
        }

        private Emission next() {
            if (temper == Temper.WILD && dice.oneIn(3)) {
                return new Emission.ToolCompleted("c" + dice.below(3), ToolStatus.ERROR, null);
            }
            boolean tools = temper == Temper.TOOLS || temper == Temper.FAILS || temper == Temper.WILD;
            if (tools && dice.chance(60)) {
                if (toolOpen) {
                    toolOpen = false;
                    return new Emission.ToolCompleted("c" + toolCalls, ToolStatus.OK, List.of(toolCalls));
                }
                toolOpen = true;
                return new Emission.ToolExecuting("c" + ++toolCalls, "search", Map.of("n", toolCalls));
            }
            int length = temper == Temper.BURSTS ? dice.of(10, 300, 2_000) : dice.between(1, 20);
            return switch (dice.below(10)) {
                case 0 -> new Emission.Thinking("hm");
                case 1 -> new Emission.Custom("n", step);
                case 2 -> new Emission.Chunk("half of a \ud83d");
                default -> new Emission.Chunk("w".repeat(length));
            };
        }

        private void end() {
            over = temper != Temper.WILD;
            switch (temper) {
                case HANGS -> ground.counts().count("agents that hang");
                case FAILS ->
                    feed.failed(
                            dice.chance(50)
                                    ? new IllegalStateException("the agent is broken")
                                    : new AgentFailure("upstream_error", "gone", true));
                case CANCELS_ITSELF -> feed.failed(new AgentCancelled("itself"));
                default -> feed.completed();
            }
            if (temper == Temper.WILD && step++ < steps + 3) {
                feed.offer(new Emission.Chunk("too late"));
                later();
            }
        }

        @Override
        public void stop() {
            over = temper != Temper.WILD;
        }

        @Override
        public void room() {
            if (waits) {
                waits = false;
                ground.agenda().in(0, life, this::work);
            }
        }
    }
}
