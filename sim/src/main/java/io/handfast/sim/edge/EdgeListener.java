package io.handfast.sim.edge;

import io.handfast.sim.edge.link.Totals;
import java.net.SocketAddress;

/**
 * Hears what an edge does to each connection. Calls for one connection come in order, on a thread of the edge, which waits:
 * a listener must not block.
 */
public interface EdgeListener {
    /** A listener that hears nothing. */
    EdgeListener SILENT = new EdgeListener() {};

    /**
     * A client has connected.
     *
     * @param connection its number, from 1
     */
    default void accepted(long connection, SocketAddress client) {}

    /**
     * The edge did something, or saw a peer do it.
     *
     * @param ageNanos since the client connected
     * @param line of the script; 0 for what no rule did
     */
    default void note(long connection, long ageNanos, int line, String text) {}

    /** The connection is over. */
    default void closed(long connection, long ageNanos, String ending, Totals totals) {}
}
