package io.handfast.netty.loop;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A timer whose time changes often and comes seldom. It is armed anew only when it is due earlier than it is set for; when it
 * fires too early it is set for the rest, so a busy connection touches the loop's queue of timers once in a while, not at each
 * input. To be used on its executor only.
 */
public final class Alarm {
    /** Never. */
    public static final long NEVER = Long.MAX_VALUE;

    private final EventExecutor executor;
    private final Runnable task;
    private long dueNanos = NEVER;
    private long setNanos = NEVER;
    private @Nullable Future<?> timer;

    /** @param task called when the time has come; on the executor */
    public Alarm(EventExecutor executor, Runnable task) {
        this.executor = executor;
        this.task = task;
    }

    /**
     * Sets the time.
     *
     * @param newDueNanos of {@link System#nanoTime()}, or {@link #NEVER}
     */
    public void due(long newDueNanos, long nowNanos) {
        dueNanos = newDueNanos;
        if (newDueNanos != NEVER && (setNanos == NEVER || newDueNanos - setNanos < 0)) {
            stopTimer();
            set(nowNanos);
        }
    }

    /** Never fires again. */
    public void stop() {
        dueNanos = NEVER;
        stopTimer();
    }

    private void set(long nowNanos) {
        setNanos = dueNanos;
        timer = executor.schedule(this::fire, Math.max(0, dueNanos - nowNanos), TimeUnit.NANOSECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        setNanos = NEVER;
    }

    private void fire() {
        timer = null;
        setNanos = NEVER;
        if (dueNanos == NEVER) {
            return;
        }
        long nowNanos = System.nanoTime();
        if (dueNanos - nowNanos > 0) {
            set(nowNanos);
        } else {
            dueNanos = NEVER;
            task.run();
        }
    }
}
