package io.handfast.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Gives an agent a thread to work on. */
@FunctionalInterface
public interface Launcher {
    /**
     * Runs {@code work} on a thread of its own; does not wait for it.
     *
     * @throws java.util.concurrent.RejectedExecutionException when there is no thread to be had
     */
    Launched launch(Runnable work);

    /** Work under way. */
    @FunctionalInterface
    interface Launched {
        /** Interrupts the work's thread, but only while it is busy with this work. */
        void interrupt();
    }

    /** Launches on the threads of an executor. */
    static Launcher on(ExecutorService executor) {
        return work -> {
            Future<?> future = executor.submit(work);
            return () -> future.cancel(true);
        };
    }
}
