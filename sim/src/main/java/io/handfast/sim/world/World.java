package io.handfast.sim.world;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One world: a node with its disk, clients, and edges between them, all in one thread, in virtual time, decided by one seed. Phase one:
 * anything may happen, and the {@linkplain Laws laws} hold after every step. Phase two: nothing happens any more, and everything
 * must converge.
 */
public final class World {
    /** Steps of phase one unless something else is said. */
    public static final int STEPS = 1_500;

    private static final int TRACE_LINES = 120;
    private static final int STEPS_BETWEEN_MEMORY_CHECKS = 64;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How long the second phase may last: every run of every thread may have to wait for its deadline. */
    private static final long HEALING_NANOS = TimeUnit.SECONDS.toNanos(400);

    /** After so long every broken connection is given up by somebody, and a last message shows what was missed. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(20);

    /** How long a reader may stand still then although there is more to read. */
    private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Ground ground;
    private final Node node;
    private final Misfortune misfortune;
    private final List<Client> clients = new ArrayList<>();
    private final Life life = new Life();
    private long lastWrittenNanos = Long.MAX_VALUE / 2;
    private boolean content;
    private String missing = "";

    private World(long seed, Seams seams, @Nullable Consumer<String> listener) {
        Agenda agenda = new Agenda();
        Dice dice = new Dice(seed);
        Trace trace = new Trace(agenda, TRACE_LINES, listener);
        Laws laws = new Laws(trace);
        ground = new Ground(agenda, dice, trace, new Counts(), laws, new Truth(laws), Plan.draw(dice.split()), seams);
        node = new Node(ground);
        misfortune = new Misfortune(ground, node);
        Client.Numbers numbers = new Client.Numbers();
        for (int i = 1; i <= ground.plan().clients(); i++) {
            clients.add(new Client(ground, node, numbers, i));
        }
    }

    /**
     * Lets a world happen from its beginning to its end.
     *
     * @param steps of phase one, 1 or more
     * @param seams of this world only
     * @param listener takes every line of the trace as it comes; null for none
     */
    public static WorldReport run(long seed, int steps, Seams seams, @Nullable Consumer<String> listener) {
        World world = new World(seed, seams, listener);
        world.ground.plan().lines().forEach(line -> world.ground.trace().line("plan", "%s", line));
        long taken = world.live(steps);
        Ground ground = world.ground;
        return new WorldReport(
                seed,
                taken,
                ground.agenda().ageNanos(),
                ground.trace().hash(),
                ground.counts(),
                ground.laws().breach());
    }

    private long live(int steps) {
        node.start();
        clients.forEach(Client::begin);
        misfortune.begin();
        long taken = 0;
        while (taken < steps && step(taken)) {
            taken++;
        }
        heal();
        long untilNanos = ground.agenda().getAsLong() + HEALING_NANOS;
        while (!content && ground.agenda().nextNanos() <= untilNanos && step(taken)) {
            taken++;
        }
        ground.laws().expect(content, "everything converges", () -> missing);
        return taken;
    }

    private boolean step(long number) {
        if (!ground.agenda().step()) {
            return false;
        }
        ServerProcess process = node.process();
        if (process != null && number % STEPS_BETWEEN_MEMORY_CHECKS == 0) {
            process.checkMemory();
        }
        return ground.laws().breach() == null;
    }

    private void heal() {
        ground.trace().line("world", "heals");
        misfortune.end();
        clients.forEach(Client::heal);
        ground.agenda().in(SETTLING_NANOS, life, () -> {
            clients.forEach(Client::writeLast);
            lastWrittenNanos = ground.agenda().getAsLong();
        });
        look();
    }

    /** Whether everybody is content. */
    private void look() {
        long sinceNanos = ground.agenda().getAsLong() - lastWrittenNanos;
        missing = sinceNanos >= 0 ? whatIsMissing() : "the last messages are not written";
        content = missing.isEmpty();
        clients.forEach(client -> client.expectNotBehind(sinceNanos < SETTLING_NANOS ? Long.MAX_VALUE : BEHIND_NANOS));
        ground.agenda().in(LOOK_NANOS, life, this::look);
    }

    private String whatIsMissing() {
        ServerProcess process = node.process();
        if (process == null || !process.takesConnections()) {
            return "no node takes connections";
        }
        for (Client client : clients) {
            String missingThere = client.missing();
            if (!missingThere.isEmpty()) {
                return missingThere;
            }
        }
        for (Truth.Written thread : ground.truth().threads()) {
            for (var run : thread.rules.runs().entrySet()) {
                if (run.getValue().terminal == null) {
                    return "run " + run.getKey() + " of " + thread.threadId + " has not ended";
                }
            }
        }
        for (Client client : clients) {
            List<String> unkept = client.unkept();
            if (!unkept.isEmpty()) {
                return client.name() + ": " + unkept;
            }
        }
        return "";
    }
}
