package io.handfast.netty.http;

import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a route answers. */
public sealed interface HttpReply {
    int status();

    /** Headers beside those that describe the body. */
    Map<String, String> headers();

    /** A reply whose body is there. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    record Content(int status, String contentType, Map<String, String> headers, byte[] body) implements HttpReply {}

    /** A reply whose body comes piece by piece, until its source ends it; the connection is closed behind it. */
    record Stream(int status, String contentType, Map<String, String> headers, StreamSource source)
            implements HttpReply {}

    /** A reply in JSON, of the values that {@link Json} knows. */
    static HttpReply json(int status, @Nullable Object value) {
        return json(status, Json.write(value));
    }

    /** A reply in JSON that is encoded already. */
    static HttpReply json(int status, byte[] utf8) {
        return new Content(status, "application/json", Map.of("Cache-Control", "no-store"), utf8);
    }

    static HttpReply text(int status, String text) {
        return new Content(
                status,
                "text/plain; charset=utf-8",
                Map.of("Cache-Control", "no-store"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where the body of a {@link Stream} comes from. All calls come on the event loop of the request. */
    interface StreamSource {
        /** The head of the response is written; the body may begin. */
        void opened(StreamSink sink);

        /** The sink takes more again. */
        void writable();

        /** The server is about to go down: end the stream. */
        void drain();

        /** The peer is gone, or the stream was ended; nothing can be written any more. */
        void closed();
    }

    /** Where the body of a {@link Stream} goes. To be used on the event loop of the request only. */
    interface StreamSink {
        /** Writes a piece of the body; it leaves at the end of the turn. The array is not kept. */
        void write(byte[] bytes);

        /** Whether the peer keeps up; a source stops when not, until {@link StreamSource#writable}. */
        boolean writable();

        /** Ends the body. */
        void end();

        /** Closes the transport without waiting for a peer that does not read. */
        void abort();
    }
}
