package io.handfast.sim.world;

import io.handfast.log.Cursor;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.Entry;
import io.handfast.log.LogObserver;
import io.handfast.log.Slice;
import io.handfast.log.Store;
import io.handfast.log.ThreadLog;
import io.handfast.run.Agents;
import io.handfast.run.Conversations;
import io.handfast.run.LocalConversations;
import io.handfast.run.RunEnvironment;
import io.handfast.run.RunObserver;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One process of a server, from its start to its end: what {@code Server} puts together, and the order of its drain. */
final class ServerProcess {
    private static final Duration RUNS_WINDOW = Duration.ofSeconds(2);
    private static final long CONNECTIONS_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long MICROS = 1_700_000_000_000_000L;

    private final Ground ground;
    private final String name;
    private final Life life;
    private final Worker writer;
    private final Worker loop;
    private final EmbeddedThreadLog embedded;
    private final ThreadLog log;
    private final LocalConversations local;
    private final Conversations conversations;
    private final Watchers watchers;
    private final Set<ServerEnd> live = new LinkedHashSet<>();
    private boolean listening;
    private boolean draining;
    private boolean told;
    private long leaveByNanos = Long.MAX_VALUE;
    private @Nullable Runnable whenOver;

    /** @param life ended by whoever kills the process, or by its own clean end */
    ServerProcess(Ground ground, String name, Life life, Store store, Disk disk) {
        this.ground = ground;
        this.name = name;
        this.life = life;
        Agenda agenda = ground.agenda();
        Dice dice = ground.dice().split();
        this.writer = new Worker(agenda, life, disk::commitNanos);
        this.loop = new Worker(agenda, life, () -> dice.micros(1, dice.oneIn(50) ? 20_000 : 200));
        this.embedded = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                ground.seams().store(store),
                writer,
                task -> agenda.in(disk.readNanos(), life, task),
                () -> MICROS + agenda.getAsLong() / 1_000,
                () -> "i" + Long.toString(dice.any() >>> 8, Character.MAX_RADIX),
                ground.plan().log(),
                LogObserver.NONE));
        this.log = new FarLog(ground.seams().log(embedded), agenda, life, dice.split());
        this.watchers = ground.seams().watchers();
        this.local = new LocalConversations(
                new RunEnvironment(
                        log,
                        new WorldAgents(ground, life),
                        agenda.schedulerOf(life),
                        agenda,
                        () -> "r" + Long.toString(dice.any() >>> 8, Character.MAX_RADIX),
                        RunObserver.NONE,
                        ground.plan().runs()),
                new Agents(WorldAgents.all()));
        this.conversations = ground.seams().conversations(local);
    }

    /** Closes what an earlier process left open, then takes connections. */
    void start() {
        Set<String> earlier = openRuns();
        ThreadLog.Watch unused = embedded.watch(moved -> loop.execute(() -> moved.forEach(watchers::moved)));
        ground.seams().recover(local).thenAccept(closed -> {
            if (life.over()) {
                return;
            }
            ground.trace().line(name, "takes connections; closed %s runs of an earlier process", closed);
            ground.counts().add("runs closed at a start", closed);
            earlier.retainAll(openRuns());
            ground.laws()
                    .expect(
                            earlier.isEmpty(),
                            "no run of an earlier process is open when connections are taken",
                            () -> name + ": " + earlier);
            listening = true;
        });
    }

    private Set<String> openRuns() {
        Set<String> open = new LinkedHashSet<>();
        for (Truth.Written thread : ground.truth().threads()) {
            thread.rules.runs().forEach((runId, run) -> {
                if (run.terminal == null) {
                    open.add(thread.incarnation + "/" + runId);
                }
            });
        }
        return open;
    }

    // ---- what others use of it

    String name() {
        return name;
    }

    ThreadLog log() {
        return log;
    }

    Conversations conversations() {
        return conversations;
    }

    Watchers watchers() {
        return watchers;
    }

    Worker loop() {
        return loop;
    }

    /** Whether a TCP connection is taken; a drain answers with 503, but answers. */
    boolean listens() {
        return listening;
    }

    boolean takesConnections() {
        return listening && !draining;
    }

    boolean isDraining() {
        return draining;
    }

    long leaveByNanos() {
        return leaveByNanos;
    }

    Set<ServerEnd> live() {
        return live;
    }

    Cable.Peer accept(Cable cable) {
        ServerEnd end = new ServerEnd(ground, this, cable);
        live.add(end);
        return end;
    }

    void forget(ServerEnd end) {
        live.remove(end);
        if (told && live.isEmpty()) {
            ground.agenda().in(0, life, this::close);
        }
    }

    void sweep() {
        CompletionStage<Boolean> unused = embedded.sweep();
    }

    // ---- its end

    /** SIGTERM: what {@code Server.drain} does, in its order. */
    void drain(Runnable whenItIsOver) {
        whenOver = whenItIsOver;
        draining = true;
        ground.trace().line(name, "drains");
        ground.counts().count("drains");
        long begunNanos = ground.agenda().getAsLong();
        Runnable tell = () -> {
            if (!told) {
                tell();
            }
        };
        local.drain(RUNS_WINDOW).thenRun(() -> ground.agenda().in(0, life, tell));
        ground.agenda().at(begunNanos + RUNS_WINDOW.toNanos() + GRACE_NANOS, life, tell);
    }

    private void tell() {
        told = true;
        long nowNanos = ground.agenda().getAsLong();
        long closeNanos = ground.plan().connection().closeTimeout().toNanos();
        leaveByNanos = nowNanos + CONNECTIONS_NANOS - closeNanos;
        for (ServerEnd end : List.copyOf(live)) {
            end.drain(leaveByNanos);
        }
        if (live.isEmpty()) {
            ground.agenda().in(0, life, this::close);
        }
        ground.agenda().at(nowNanos + CONNECTIONS_NANOS, life, this::close);
    }

    private void close() {
        if (life.over()) {
            return;
        }
        cut(true);
        writer.release();
        embedded.close();
        life.end();
        ground.trace().line(name, "has ended");
        if (whenOver != null) {
            whenOver.run();
        }
    }

    /** Ends all connections: as the kernel does for a process that is gone, or in silence, with the machine. */
    void cut(boolean told) {
        for (ServerEnd end : List.copyOf(live)) {
            end.die(told);
        }
        live.clear();
    }

    // ---- its memory

    /** Checks that the events that the log keeps in memory are within their bound. */
    void checkMemory() {
        long bytes = 0;
        for (Truth.Written thread : ground.truth().threads()) {
            for (int seq = thread.entries.size(); seq > 0; seq--) {
                Slice slice = embedded.tail(thread.threadId, new Cursor(thread.epoch, seq - 1), 1);
                if (!(slice instanceof Slice.Events events) || events.entries().isEmpty()) {
                    break;
                }
                Entry entry = events.entries().get(0);
                bytes += entry.json().length;
            }
        }
        long found = bytes;
        long bound = ground.plan().log().recentBytesMax();
        ground.laws()
                .expect(
                        found <= bound,
                        "the events in memory are bounded",
                        () -> name + ": " + found + " bytes, allowed: " + bound);
    }
}
