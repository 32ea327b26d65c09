package io.handfast.bench.race;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Identity;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.sim.edge.Edge;
import io.handfast.sim.edge.EdgeConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Races the strategies: heat after heat, each with an edge of its own. For each client a message is posted to a thread of its own,
 * past the edge, and the client connects through the edge as soon as the message is accepted: the run goes on meanwhile, so
 * that events wait for the client and more of them come. One caller's thread.
 */
public final class Race implements AutoCloseable {
    private static final int THREADS = 1;
    private static final Duration POST_PATIENCE = Duration.ofSeconds(30);
    private static final Course WARM_UP = Course.named("at-once");

    private final RacePlan plan;
    private final Ground ground;
    private final ClientLoops loops = ClientLoops.start(THREADS, List.of());
    private final String name =
            "race-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final AtomicInteger heats = new AtomicInteger();
    private final Set<InetSocketAddress> warm = new HashSet<>();

    /** A race that has not begun; the caller closes the ground. */
    public Race(RacePlan plan, Ground ground) {
        this.plan = plan;
        this.ground = ground;
    }

    /**
     * Runs all heats that the ground offers.
     *
     * @param spectator hears of every heat as it ends, and of those that the ground does not offer
     */
    public void run(Spectator spectator) throws IOException, InterruptedException {
        for (Course course : plan.courses()) {
            for (Strategy strategy : plan.strategies()) {
                // What is set beyond the strategy is a remedy of `proof`.
                if (!course.settings().isEmpty() && strategy != Strategy.PROOF) {
                    continue;
                }
                Admission admission = ground.enter(strategy, course.settings());
                InetSocketAddress server = admission.server();
                if (server == null) {
                    spectator.omitted(new Omission(course, strategy, admission.refusal()));
                    continue;
                }
                warmUp(server);
                for (Reader reader : plan.readers()) {
                    spectator.ended(heat(server, course, strategy, reader, plan.clients()));
                }
            }
        }
    }

    private void warmUp(InetSocketAddress server) throws IOException, InterruptedException {
        if (warm.add(server) && plan.warmUp() > 0) {
            for (Reader reader : plan.readers()) {
                heat(server, WARM_UP, Strategy.PROOF, reader, plan.warmUp());
            }
        }
    }

    private Heat heat(InetSocketAddress server, Course course, Strategy strategy, Reader reader, int clients)
            throws IOException, InterruptedException {
        String heatName = name + "-" + heats.incrementAndGet();
        Calls calls = new Calls(Endpoint.of(server));
        Identity watcher = plan.identities().of(name);
        ServerCounts before = ServerCounts.settled(calls, watcher);
        List<Finish> finishes = new ArrayList<>();
        EdgeConfig edge = EdgeConfig.to(server).withScript(course.script()).withSeed(plan.seed());
        try (Edge open = Edge.start(edge)) {
            List<CompletableFuture<Finish>> running = new ArrayList<>();
            long firstNanos = System.nanoTime();
            for (int i = 0; i < clients; i++) {
                Identity who = plan.identities().of(heatName + "-" + i);
                Dial dial = Dial.to(Endpoint.of(open.address()), who)
                        .withFaults(course.attachAfter(), course.coalescedLost());
                running.add(new Contestant(loops, dial, reader, course.answer(), plan.seed() + i)
                        .go(calls, course.answer(), plan.patience()));
                long dueNanos = firstNanos + (i + 1) * plan.spacing().toNanos();
                TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
            }
            for (CompletableFuture<Finish> client : running) {
                finishes.add(outcome(client));
            }
        }
        return Heat.of(
                course,
                strategy,
                reader,
                finishes,
                ServerCounts.settled(calls, watcher).minus(before));
    }

    private Finish outcome(CompletableFuture<Finish> client) throws IOException, InterruptedException {
        try {
            return client.get(plan.patience().plus(POST_PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a client of the race did not come to an end: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        loops.close();
    }
}
