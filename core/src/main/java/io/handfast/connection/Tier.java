package io.handfast.connection;

/** What the client promised in the upgrade, and so what proof it owes. */
public enum Tier {
    /** Sub-protocol {@code handfast.v1}: its message handler answers {@code handshake_validation}. */
    APPLICATION,
    /** No sub-protocol, or {@code handfast.v1.transport}: any client of RFC 6455. */
    TRANSPORT
}
