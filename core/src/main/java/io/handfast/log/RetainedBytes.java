package io.handfast.log;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of JSON that all threads retain together. The writer counts what each commit changes; what the store had before the
 * first commit is learned by a look through all threads. Any thread may ask.
 */
final class RetainedBytes {
    private final LogObserver observer;
    private final AtomicLong counted = new AtomicLong();
    private volatile boolean learned;

    RetainedBytes(LogObserver observer) {
        this.observer = observer;
    }

    long counted() {
        return counted.get();
    }

    /** Whether it was learned what the store had in the beginning. */
    boolean learned() {
        return learned;
    }

    /** A commit changed what is retained by this much. */
    void add(long difference) {
        long now = counted.addAndGet(difference);
        if (learned) {
            observer.retained(now);
        }
    }

    /**
     * A look through all threads found this much.
     *
     * @param countedBefore what was counted when that look began
     */
    void learn(long found, long countedBefore) {
        learned = true;
        add(found - countedBefore);
    }
}
