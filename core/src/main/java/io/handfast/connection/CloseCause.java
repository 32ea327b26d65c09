package io.handfast.connection;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended. There is exactly one for each connection, decided by what came first.
 *
 * @param code the status code of the close frame that was sent or received; 1006 when there was none
 * @param reason a stable word for logs and metrics, such as {@code peer_closed}, {@code peer_vanished}, or the reason of
 *     our own close code
 * @param phase the state in which it happened
 * @param ageNanos since the connection was accepted
 * @param detail for a person; null when the reason says it all
 */
public record CloseCause(
        Who who,
        int code,
        String reason,
        ConnectionState phase,
        long ageNanos,
        @Nullable String detail) {
    /** Whose doing it was. */
    public enum Who {
        PEER,
        SERVER,
        NETWORK
    }
}
