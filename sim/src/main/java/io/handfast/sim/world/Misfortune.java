package io.handfast.sim.world;

import java.util.ArrayList;
import java.util.List;

/** What befalls the node and its disk from outside, until the world heals. Clients and edges have misfortunes of their own. */
final class Misfortune {
    /** What there is; a world knows some of it. */
    enum Kind {
        COMMITS_LOST,
        COMMITS_WRITTEN,
        COMMITS_DEADLY,
        READS_FAIL,
        SLOW_DISK,
        CRASH,
        MACHINE_CRASH,
        DEPLOY,
        DELETE_THREAD,
        SWEEP,
        CLIENTS_LEAVE,
        CLIENTS_STALL,
        ODD_FRAMES,
        LATE_HANDLERS
    }

    private final Ground ground;
    private final Node node;
    private final Dice dice;
    private final Life life = new Life();
    private final List<Kind> kinds;

    Misfortune(Ground ground, Node node) {
        this.ground = ground;
        this.node = node;
        this.dice = ground.dice().split();
        this.kinds = new ArrayList<>(ground.plan().misfortunes());
    }

    void begin() {
        later();
    }

    private void later() {
        ground.agenda().in(dice.millis(20, 4_000), life, () -> {
            if (!kinds.isEmpty()) {
                strike(dice.pick(kinds));
            }
            later();
        });
    }

    private void strike(Kind kind) {
        Disk disk = node.disk();
        switch (kind) {
            case COMMITS_LOST -> commits(Disk.Fault.LOST);
            case COMMITS_WRITTEN -> commits(Disk.Fault.WRITTEN);
            case COMMITS_DEADLY ->
                disk.commitsMeet(dice.of(Disk.Fault.DEATH_BEFORE, Disk.Fault.DEATH_BEHIND), dice.of(5, 50));
            case READS_FAIL -> {
                disk.readsFail(dice.of(10, 100));
                ground.agenda().in(dice.millis(10, 2_000), life, () -> disk.readsFail(0));
            }
            case SLOW_DISK -> {
                disk.slow(true);
                ground.counts().count("slow disks");
                ground.agenda().in(dice.millis(100, 3_000), life, () -> disk.slow(false));
            }
            case CRASH -> node.crash(false);
            case MACHINE_CRASH -> node.crash(true);
            case DEPLOY -> node.deploy(dice.chance(20) ? dice.millis(0, 3_000) : dice.millis(10_000, 10_000));
            case DELETE_THREAD -> delete();
            case SWEEP -> sweep();
            case CLIENTS_LEAVE, CLIENTS_STALL, ODD_FRAMES, LATE_HANDLERS -> {} // the clients' own
        }
    }

    private void commits(Disk.Fault fault) {
        Disk disk = node.disk();
        disk.commitsMeet(fault, dice.of(20, 100));
        ground.agenda()
                .in(
                        dice.millis(10, dice.chance(20) ? 12_000 : 1_500),
                        life,
                        () -> disk.commitsMeet(Disk.Fault.NONE, 0));
    }

    private void delete() {
        ServerProcess process = node.process();
        List<Truth.Written> threads = new ArrayList<>(ground.truth().threads());
        if (process != null && process.takesConnections() && !threads.isEmpty()) {
            Truth.Written thread = dice.pick(threads);
            ground.trace().line("world", "%s deletes %s", thread.ownerId, thread.threadId);
            ground.counts().count("threads deleted");
            process.log().delete(thread.threadId, thread.ownerId);
        }
    }

    private void sweep() {
        ServerProcess process = node.process();
        if (process != null) {
            ground.counts().count("sweeps");
            process.sweep();
        }
    }

    /** No misfortune any more; what was under way is undone. */
    void end() {
        life.end();
        node.disk().commitsMeet(Disk.Fault.NONE, 0);
        node.disk().readsFail(0);
        node.disk().slow(false);
    }
}
