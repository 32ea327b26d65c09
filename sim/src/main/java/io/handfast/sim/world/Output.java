package io.handfast.sim.world;

import io.handfast.sim.edge.wire.Opcode;

/** Where the frames of one connection of a server go. */
public interface Output {
    /** Sends a frame behind all others. */
    void frame(Opcode opcode, byte[] payload);

    /** Whether the socket takes more without waiting. */
    boolean writable();
}
