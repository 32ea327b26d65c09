package io.handfast.bench.client;

/** Hears a {@link ClientSocket}. Calls come in order on the socket's loop; times are of {@link System#nanoTime}. */
public interface SocketListener {
    /** The server took the connection; nothing has been sent yet. */
    default void connected() {}

    /** The 101 has come. */
    default void opened(long nowNanos) {}

    /** A Ping has come, and the stack has answered it. */
    default void pinged(long nowNanos) {}

    /** A text message for the application. */
    void text(byte[] utf8, long nowNanos);

    /** A text message that came before the application listened: lost to it. */
    default void unheard(byte[] utf8, long nowNanos) {}

    /** The socket is over; nothing follows. */
    void ended(SocketEnd end, long nowNanos);
}
