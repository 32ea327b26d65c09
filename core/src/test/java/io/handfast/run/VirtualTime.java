package io.handfast.run;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/** A clock and a scheduler that move only when told. */
public final class VirtualTime implements Scheduler, LongSupplier {
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::atNanos).thenComparingLong(Timer::number));
    private long nowNanos = 1_000_000_000L;
    private long timersMade;

    private record Timer(long atNanos, long number, Runnable task) {}

    @Override
    public synchronized Scheduled schedule(long delayNanos, Runnable task) {
        Timer timer = new Timer(nowNanos + delayNanos, timersMade++, task);
        timers.add(timer);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timers.remove(timer);
    }

    @Override
    public synchronized long getAsLong() {
        return nowNanos;
    }

    /** Moves on, and runs what falls due on the way in the order of its time. */
    public void advance(Duration duration) {
        long target = getAsLong() + duration.toNanos();
        while (true) {
            Timer due;
            synchronized (this) {
                due = timers.peek();
                if (due == null || due.atNanos() > target) {
                    nowNanos = target;
                    return;
                }
                timers.remove();
                nowNanos = due.atNanos();
            }
            due.task().run();
        }
    }

    /** The process is gone, and what it was going to do with it; the clock is that of the world. */
    public synchronized void crash() {
        timers.clear();
    }

    /** How many timers wait. */
    public synchronized int waiting() {
        return timers.size();
    }
}
