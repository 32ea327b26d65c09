package io.handfast.readiness;

import java.util.Locale;

/** What a connection's READY rests on: {@code proof} of {@code connection_ready}. */
public enum Proof {
    /** The right {@code handshake_ack}: the client's own message handler answered. */
    APPLICATION,
    /** A Pong with a nonce of this connection, or a data frame: the client's stack got the 101. */
    TRANSPORT,
    /** The proof that the tier asks for did not come in time, and the connection was degraded. */
    ASSUMED,
    /** Strategy {@code basic} or {@code timed}: nothing was asked of the peer. */
    NONE;

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
