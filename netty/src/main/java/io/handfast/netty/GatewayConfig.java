package io.handfast.netty;

import io.handfast.connection.ConnectionLimits;
import io.handfast.netty.http.HttpLimits;
import java.time.Duration;
import java.util.Set;

/**
 * How the gateway listens and what it lets clients cost.
 *
 * @param host address to bind
 * @param port 0 for one that the system chooses
 * @param allowedOrigins web origins that may call beside the own host
 * @param maxMessageBytes longest WebSocket message; longer ones are closed with 1009
 * @param coalescing whether adjacent chunks that wait for the same WebSocket leave as one frame
 * @param limits of connections, once open
 * @param http of requests
 * @param sockets of the transport
 * @param reconnectAfter how long clients are asked to wait at a drain: at random up to this, so that they do not come back all at once
 * @param streamKeepAlive pause between comments on a silent event stream
 */
public record GatewayConfig(
        String host,
        int port,
        Set<String> allowedOrigins,
        int maxMessageBytes,
        boolean coalescing,
        ConnectionLimits limits,
        HttpLimits http,
        Sockets sockets,
        Duration reconnectAfter,
        Duration streamKeepAlive) {

    /** The defaults of spec/protocol.md, on the loopback address and a free port. */
    public static GatewayConfig ofDefaults() {
        return new GatewayConfig(
                "127.0.0.1",
                0,
                Set.of(),
                1024 * 1024,
                true,
                ConnectionLimits.ofDefaults(),
                HttpLimits.ofDefaults(),
                Sockets.ofDefaults(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(15));
    }

    /**
     * How sockets are treated.
     *
     * @param eventLoops threads that do all input and output; 0 for one per core
     * @param backlog connections that the kernel may hold before they are accepted
     * @param lowWater bytes of unwritten output below which a connection that was blocked is writable again; gathered output of this
     *     size does not wait for the end of a turn
     * @param highWater bytes of unwritten output from which a connection is not writable
     */
    public record Sockets(int eventLoops, int backlog, int lowWater, int highWater) {
        public static Sockets ofDefaults() {
            return new Sockets(0, 4096, 32 * 1024, 64 * 1024);
        }
    }
}
