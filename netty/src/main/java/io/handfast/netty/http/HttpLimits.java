package io.handfast.netty.http;

import java.time.Duration;

/**
 * What an HTTP request may cost.
 *
 * @param maxRequestLine bytes of the request line; longer ones are 414
 * @param maxHeaderBytes bytes of all headers; more is 431
 * @param maxBodyBytes bytes of a body; more is 413
 * @param headTimeout from the first byte of a request to the end of its headers; then 408
 * @param bodyTimeout from there to the end of its body; then 408
 * @param idleTimeout how long a connection may stay open without a request, or a reply without anything of it being read
 * @param lingerTimeout how long what still comes in is discarded before a refused connection is closed, so that the
 *     refusal is not lost to a reset
 */
public record HttpLimits(
        int maxRequestLine,
        int maxHeaderBytes,
        int maxBodyBytes,
        Duration headTimeout,
        Duration bodyTimeout,
        Duration idleTimeout,
        Duration lingerTimeout) {

    public static HttpLimits ofDefaults() {
        return new HttpLimits(
                8 * 1024,
                16 * 1024,
                1024 * 1024,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(2));
    }
}
