package io.handfast.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

/** Runs tasks on the caller's thread: at once, or, while held, when released. */
final class HeldExecutor implements Executor {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private boolean held;

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (held) {
                tasks.add(task);
                return;
            }
        }
        task.run();
    }

    synchronized void hold() {
        held = true;
    }

    /** Runs what was held, and from now on everything at once. */
    void release() {
        synchronized (this) {
            held = false;
        }
        step();
    }

    /** Runs what waits; what comes of it is still held. */
    void step() {
        Deque<Runnable> due;
        synchronized (this) {
            due = new ArrayDeque<>(tasks);
            tasks.clear();
        }
        due.forEach(Runnable::run);
    }
}
