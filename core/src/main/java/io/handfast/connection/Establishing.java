package io.handfast.connection;

/** When a strategy asks the peer for something on the way to READY, and when it gives up. It knows only when. */
interface Establishing {
    /** What is to be done now; a step is taken by being told. */
    Step step(long now, boolean upgradeWritten);

    /** When to ask for the next step. */
    long nextNanos();

    /** How often the peer was asked. */
    int attempts();

    /** What a moment asks for. */
    enum Step {
        WAIT,
        /** Send the Ping or the validation message, for the first time or again. */
        ASK,
        /** READY: the checks are passed, and nothing is asked of the peer. */
        OPEN,
        /** The last chance has passed. */
        FAIL
    }
}
