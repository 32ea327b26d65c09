package io.handfast.sim.world;

import io.handfast.run.Scheduler;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Virtual time: what is going to happen, in order. A step of the world is the next entry. */
final class Agenda implements LongSupplier {
    private static final long BEGIN_NANOS = 1_000_000_000L;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.comparingLong((Entry entry) -> entry.atNanos).thenComparingLong(entry -> entry.number));
    private long nowNanos = BEGIN_NANOS;
    private long entriesMade;

    /** Something that is going to happen unless it is cancelled or its life ends before. */
    private static final class Entry implements Scheduler.Scheduled {
        private final long atNanos;
        private final long number;
        private final Life life;
        private final Runnable body;
        private boolean cancelled;

        private Entry(long atNanos, long number, Life life, Runnable body) {
            this.atNanos = atNanos;
            this.number = number;
            this.life = life;
            this.body = body;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    Scheduler.Scheduled at(long atNanos, Life life, Runnable body) {
        Entry entry = new Entry(Math.max(atNanos, nowNanos), entriesMade++, life, body);
        entries.add(entry);
        return entry;
    }

    Scheduler.Scheduled in(long delayNanos, Life life, Runnable body) {
        return at(nowNanos + delayNanos, life, body);
    }

    /** What a process sees of this: a scheduler whose tasks die with it. */
    Scheduler schedulerOf(Life life) {
        return (delayNanos, task) -> in(delayNanos, life, task);
    }

    @Override
    public long getAsLong() {
        return nowNanos;
    }

    /** When the next step is due; {@link Long#MAX_VALUE} when there is none. */
    long nextNanos() {
        Entry next = peek();
        return next == null ? Long.MAX_VALUE : next.atNanos;
    }

    private @Nullable Entry peek() {
        Entry next = entries.peek();
        while (next != null && (next.cancelled || next.life.over())) {
            entries.remove();
            next = entries.peek();
        }
        return next;
    }

    /** Lets the next step happen; false when there is none. */
    boolean step() {
        Entry next = peek();
        if (next == null) {
            return false;
        }
        entries.remove();
        nowNanos = next.atNanos;
        next.body.run();
        return true;
    }

    /** How long the world has lasted. */
    long ageNanos() {
        return nowNanos - BEGIN_NANOS;
    }
}
