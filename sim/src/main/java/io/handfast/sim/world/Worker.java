package io.handfast.sim.world;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** A thread of a process: runs one task after another, in order, each so long after the one before. */
final class Worker implements Executor {
    private final Agenda agenda;
    private final Life life;
    private final LongSupplier latencyNanos;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private long freeNanos;
    private boolean direct;

    /** @param latencyNanos drawn for each task */
    Worker(Agenda agenda, Life life, LongSupplier latencyNanos) {
        this.agenda = agenda;
        this.life = life;
        this.latencyNanos = latencyNanos;
    }

    @Override
    public void execute(Runnable task) {
        if (direct) {
            task.run();
            return;
        }
        waiting.add(task);
        freeNanos = Math.max(freeNanos, agenda.getAsLong()) + latencyNanos.getAsLong();
        agenda.at(freeNanos, life, this::next);
    }

    private void next() {
        Runnable task = waiting.poll();
        if (task != null) {
            task.run();
        }
    }

    /** Runs whatever waits, and from now on everything at once: for a caller that blocks until it is done. */
    void release() {
        direct = true;
        while (!waiting.isEmpty()) {
            next();
        }
    }
}
