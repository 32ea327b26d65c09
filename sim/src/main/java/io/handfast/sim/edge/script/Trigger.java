package io.handfast.sim.edge.script;

import io.handfast.sim.edge.wire.Side;

/** When a rule acts. */
public sealed interface Trigger {
    /** As soon as the client is connected. */
    record Always() implements Trigger {}

    /** The client's upgrade request. */
    record Request(Moment moment) implements Trigger {}

    /** The server's 101. */
    record Switched(Moment moment) implements Trigger {}

    /** Frames of one kind, counted from 1 on each connection. */
    record Frame(Moment moment, Numbers numbers, FrameKind kind, Side from) implements Trigger {}

    /** So many bytes, heads of HTTP included, have arrived from one side. */
    record Bytes(long count, Side from) implements Trigger {}

    /** One side has ended its stream. */
    record Fin(Side from) implements Trigger {}

    /** So long after the client connected. */
    record Elapsed(Span span) implements Trigger {}

    /** Before the first byte of a unit is passed on, or after its last. */
    enum Moment {
        ON,
        AFTER
    }
}
