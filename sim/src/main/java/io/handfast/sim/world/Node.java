package io.handfast.sim.world;

import io.handfast.log.Store;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a server over one disk, one after the other: what starts them again. Two of them never live on one disk at a
 * time, so a reconnect that lands elsewhere (F23) lands on the successor, which has another name.
 */
final class Node implements Cable.Dialer {
    private static final long LOCKED_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long a start may take until what starts it gives up. */
    private static final long START_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);

    /** Within which a drain has to be over (spec/protocol.md, "Command line"). */
    private static final long DRAIN_MAX_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final Ground ground;
    private final Disk disk;
    private final Dice dice;
    private final Life life = new Life();
    private int starts;
    private Life processLife = new Life();
    private @Nullable ServerProcess process;

    Node(Ground ground) {
        this.ground = ground;
        this.disk = new Disk(ground, ground.plan().durability());
        this.dice = ground.dice().split();
    }

    Disk disk() {
        return disk;
    }

    /** The process that is there; null between two. */
    @Nullable
    ServerProcess process() {
        return process;
    }

    void start() {
        Life next = new Life();
        Store store = disk.open(next, () -> crash(dice.chance(30)));
        if (store == null) {
            ground.agenda().in(LOCKED_RETRY_NANOS, life, this::start);
            return;
        }
        processLife = next;
        String name = ++starts % 2 == 1 ? "a" + starts : "b" + starts;
        ServerProcess started = new ServerProcess(ground, name, next, store, disk);
        process = started;
        ground.trace().line(name, "starts");
        ground.counts().count("starts");
        started.start();
        ground.agenda().in(START_MAX_NANOS, next, () -> {
            if (!started.takesConnections() && !started.isDraining()) {
                ground.counts().count("starts given up");
                crash(false);
            }
        });
    }

    /** The process dies, and with it perhaps the machine. */
    void crash(boolean machine) {
        ServerProcess dying = process;
        if (dying == null) {
            return;
        }
        process = null;
        ground.trace().line(dying.name(), machine ? "dies with its machine" : "dies");
        ground.counts().count(machine ? "crashes of a machine" : "crashes of a process");
        processLife.end();
        dying.cut(!machine);
        disk.crash(machine);
        ground.agenda().in(dice.millis(10, machine ? 3_000 : 500), life, this::start);
    }

    /** SIGTERM, and SIGKILL later; then the next one starts. */
    void deploy(long killAfterNanos) {
        ServerProcess old = process;
        if (old == null || !old.takesConnections()) {
            return;
        }
        Life ofOld = processLife;
        old.drain(() -> {
            process = null;
            ground.counts().count("drains to the end");
            ground.agenda().in(dice.millis(0, 500), life, this::start);
        });
        ground.agenda().in(killAfterNanos, ofOld, () -> {
            ground.counts().count("drains cut short");
            crash(false);
        });
        ground.agenda()
                .in(
                        DRAIN_MAX_NANOS,
                        ofOld,
                        () -> ground.laws()
                                .expect(false, "a drain is over within 8 s", () -> old.name() + " is still there"));
    }

    @Override
    public Cable.@Nullable Peer dial(String backend, Cable cable) {
        ServerProcess there = process;
        return there == null || !there.listens() ? null : there.accept(cable);
    }

    @Override
    public void terminate(String backend, long killAfterNanos) {
        deploy(killAfterNanos);
    }
}
