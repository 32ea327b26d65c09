package io.handfast.agents.upstream;

import java.time.Duration;

/**
 * How long a call waits for its upstream.
 *
 * @param connect until the connection stands, TLS included
 * @param head from sending the request to the whole head of the response, connecting included
 * @param idle between two reads of the response's body; any byte counts, also a comment that keeps the stream alive
 */
public record UpstreamTimeouts(Duration connect, Duration head, Duration idle) {
    public static final UpstreamTimeouts DEFAULTS =
            new UpstreamTimeouts(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(120));

    public UpstreamTimeouts {
        positive("connect-timeout", connect);
        positive("head-timeout", head);
        positive("idle-timeout", idle);
    }

    private static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " " + value + ": must be more than zero");
        }
    }
}
