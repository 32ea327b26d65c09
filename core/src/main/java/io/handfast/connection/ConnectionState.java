package io.handfast.connection;

/** The states of a connection. The table of their transitions is {@code Transitions}. */
public enum ConnectionState {
    /** The 101 is on its way; nothing is known about the peer. */
    ACCEPTED,
    /** Ping and, if negotiated, the validation message are sent; what the client sends is kept in order. */
    PROVING,
    /** Proven, or explicitly degraded: frames are handled and events delivered. */
    READY,
    /** Told to go; pending events leave first. */
    DRAINING,
    /** Over, with one cause; what still comes in is only counted. */
    CLOSED
}
