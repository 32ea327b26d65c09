package io.handfast.log;

/** Told what a log does, for logs and metrics. Called by the log's own threads: return at once. */
public interface LogObserver {
    /** An observer that looks at nothing. */
    LogObserver NONE = new LogObserver() {};

    /** The log was opened, and all its threads go on in new epochs: readers of the old ones are told of a gap. */
    default void epochsBegun(String why) {}

    /** A batch was committed. */
    default void committed(int requests, int events, long bytes) {}

    /** A batch was not committed; its requests were refused. */
    default void commitFailed(int requests, Throwable cause) {}

    /** The store could not be read; who asked was told {@code unavailable}. */
    default void readFailed(Exception cause) {}

    /** A watcher threw; the others were called all the same. */
    default void watcherFailed(RuntimeException cause) {}

    /** Retention dropped events of a thread. */
    default void trimmed(String threadId, long fromSeq, long toSeq) {}

    /** Bytes of JSON that all threads retain together, when that has changed; from the end of the first sweep's count on. */
    default void retained(long bytes) {}
}
