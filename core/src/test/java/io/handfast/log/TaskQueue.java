package io.handfast.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** An executor that belongs to the test: what it is given runs late, and out of step, when the test says so. */
public final class TaskQueue implements Executor {
    private final List<Runnable> waiting = new ArrayList<>();
    private final Random random;
    private boolean released;

    public TaskQueue(long seed) {
        random = new Random(seed);
    }

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            if (!released) {
                waiting.add(task);
                return;
            }
        }
        task.run();
    }

    /** Runs one of the waiting tasks, whichever; answers whether there was one. */
    public boolean runOne() {
        Runnable task;
        synchronized (this) {
            if (waiting.isEmpty()) {
                return false;
            }
            task = waiting.remove(random.nextInt(waiting.size()));
        }
        task.run();
        return true;
    }

    public void runAll() {
        boolean ran = true;
        while (ran) {
            ran = runOne();
        }
    }

    /** From now on everything runs at once. */
    public void release() {
        synchronized (this) {
            released = true;
        }
        runAll();
    }
}
