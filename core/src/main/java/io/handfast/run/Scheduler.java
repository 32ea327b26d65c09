package io.handfast.run;

/** Runs something later. The server passes a timer thread, a test its virtual time. */
@FunctionalInterface
public interface Scheduler {
    /**
     * Runs {@code task} once, {@code delayNanos} from now or a little later, on any thread. The task does not block.
     */
    Scheduled schedule(long delayNanos, Runnable task);

    /** A task that may not have run yet. */
    @FunctionalInterface
    interface Scheduled {
        /** The task will not begin after this; harmless when it has run. */
        void cancel();
    }
}
