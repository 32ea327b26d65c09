package io.handfast.sim.edge.script;

/** How an edge ends a connection by itself. */
public sealed interface How {
    /** Both sides are closed in order. */
    record Fin() implements How {}

    /** Both sides are reset. */
    record Rst() implements How {}

    /** Nobody is told: from now on bytes vanish. */
    record Blackhole() implements How {}

    /** The client gets a Close frame with this code, then both sides are closed. */
    record Close(int code) implements How {}
}
