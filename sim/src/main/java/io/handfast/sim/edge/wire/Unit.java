package io.handfast.sim.edge.wire;

/** What a stream consists of, as far as an edge can tell. */
public sealed interface Unit {
    /**
     * The head of an HTTP request.
     *
     * @param line the request line
     * @param upgrade whether it asks for a WebSocket
     */
    record Request(String line, boolean upgrade) implements Unit {}

    /** The head of an HTTP response. */
    record Response(int status) implements Unit {}

    /**
     * A WebSocket frame.
     *
     * @param length of the payload, in bytes
     * @param payload the unmasked payload of a control frame of at most 125 bytes; empty for all others, which are not
     *     kept together
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    record Frame(Opcode opcode, long length, byte[] payload) implements Unit {}

    /** All that remains of a stream in which nothing can be told apart: HTTP bodies, TLS, anything else. */
    record Opaque() implements Unit {}
}
