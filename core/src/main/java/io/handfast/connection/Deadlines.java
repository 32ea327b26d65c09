package io.handfast.connection;

/** Instants of a connection: nanoseconds since its birth. */
final class Deadlines {
    /** An instant that does not come. */
    static final long NEVER = Long.MAX_VALUE;

    private Deadlines() {}

    static long earliest(long... instants) {
        long earliest = NEVER;
        for (long instant : instants) {
            earliest = Math.min(earliest, instant);
        }
        return earliest;
    }
}
