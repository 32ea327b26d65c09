package io.handfast.sim.world;

/** How long something can act: a process, a connection, a client. What it had scheduled does not happen after its end. */
final class Life {
    private boolean over;

    void end() {
        over = true;
    }

    boolean over() {
        return over;
    }
}
