package io.handfast.netty.http;

import java.util.concurrent.CompletionStage;

/**
 * A method and a path that somebody answers. A {@code GET} is answered for {@code HEAD} too.
 *
 * @param pattern the path; {@code {name}} stands for one segment, {@code {name...}} for the rest
 * @param access who may call
 */
public record HttpRoute(String method, String pattern, Access access, Handler handler) {

    /** Who may call a route. */
    public enum Access {
        /** Everybody, from everywhere: nobody is asked who it is. */
        OPEN,
        /** Whom the door keeper admits with the scope {@code chat}, from an origin that is not foreign. */
        ADMITTED,
        /** The same with the scope {@code publish}. */
        PUBLISHER,
        /** The same with the scope {@code admin}. */
        ADMIN
    }

    /** Answers the calls of one route. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Called on an event loop: must not block. A stage that completes exceptionally, or an exception, becomes a 500 and a line in
         * the log.
         *
         * @throws RefusedException the answer
         */
        CompletionStage<HttpReply> handle(HttpCall call) throws RefusedException;
    }

    public static HttpRoute open(String method, String pattern, Handler handler) {
        return new HttpRoute(method, pattern, Access.OPEN, handler);
    }

    public static HttpRoute admitted(String method, String pattern, Handler handler) {
        return new HttpRoute(method, pattern, Access.ADMITTED, handler);
    }

    public static HttpRoute publisher(String method, String pattern, Handler handler) {
        return new HttpRoute(method, pattern, Access.PUBLISHER, handler);
    }

    public static HttpRoute admin(String method, String pattern, Handler handler) {
        return new HttpRoute(method, pattern, Access.ADMIN, handler);
    }
}
