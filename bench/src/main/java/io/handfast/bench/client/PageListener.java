package io.handfast.bench.client;

/** Hears a {@link PageClient}. Calls come in order on its loop; times are of {@link System#nanoTime}. */
public interface PageListener {
    /** A connection is begun. */
    default void dialling(long nowNanos) {}

    /** The server took the connection; nothing has been sent yet. */
    default void connected() {}

    /** A 101 has come. */
    default void opened(long nowNanos) {}

    /** A Ping has come, and was answered by the stack. */
    default void pinged(long nowNanos) {}

    /** A {@code handshake_validation} has reached the handler, and was answered by it. */
    default void asked(long nowNanos) {}

    /** {@code connection_ready} has come. */
    default void ready(ServerFrame ready, long nowNanos) {}

    /** The server has said where the thread goes on. */
    default void subscribed(ServerFrame subscribed, long nowNanos) {}

    /** An event came off the wire, whatever its place. */
    default void arrived(ServerFrame event, long nowNanos) {}

    /** The next event of the thread, each exactly once and in order. */
    default void event(ServerFrame event, long nowNanos) {}

    /** A message is durable. */
    default void accepted(String messageId, long nowNanos) {}

    /** The server has refused something: an {@code error} frame. */
    default void refused(ServerFrame error, long nowNanos) {}

    /** An event is missing: the connection is given up, and the next one asks for it. */
    default void hole() {}

    /** A connection has ended, or was given up. Silent about the end by {@link PageClient#close}. */
    default void ended(SocketEnd end, long nowNanos) {}
}
