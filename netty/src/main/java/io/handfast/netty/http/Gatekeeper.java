package io.handfast.netty.http;

import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Says who may enter. Asked before the 101 of every upgrade and before every call that is not open to all
 * (spec/protocol.md, "Who").
 */
@FunctionalInterface
public interface Gatekeeper {
    /**
     * Decides. Called on an event loop: must not block. A stage that completes exceptionally refuses with 500.
     */
    CompletionStage<Admission> admit(Knock knock);

    /**
     * What a caller shows.
     *
     * @param upgrade whether it asks for a WebSocket
     * @param authorization the header {@code Authorization}
     * @param bearerProtocol what stands behind {@code bearer.} among the sub-protocols offered
     * @param ticket the query parameter
     * @param queryUser the query parameter {@code user}
     * @param userHeader the header {@code X-Handfast-User}
     */
    record Knock(
            boolean upgrade,
            @Nullable String authorization,
            @Nullable String bearerProtocol,
            @Nullable String ticket,
            @Nullable String queryUser,
            @Nullable String userHeader,
            SocketAddress remote) {
        private static final int MAX_USER_LENGTH = 128;

        /**
         * What a request shows.
         *
         * @throws RefusedException 400 for a user that cannot be one
         */
        public static Knock of(HttpCall call, boolean upgrade, @Nullable String bearerProtocol)
                throws RefusedException {
            return new Knock(
                    upgrade,
                    call.header("Authorization").orElse(null),
                    bearerProtocol,
                    call.query("ticket").orElse(null),
                    user("user", call.query("user").orElse(null)),
                    user("X-Handfast-User", call.header("X-Handfast-User").orElse(null)),
                    call.remote());
        }

        private static @Nullable String user(String field, @Nullable String user) throws RefusedException {
            if (user != null
                    && (user.isBlank()
                            || user.length() > MAX_USER_LENGTH
                            || user.chars().anyMatch(Character::isISOControl))) {
                throw new RefusedException(Problem.invalidField(
                        field, field + " must be 1 to " + MAX_USER_LENGTH + " characters, without control characters"));
            }
            return user;
        }

        /** Keeps credentials out of logs. */
        @Override
        public String toString() {
            return "Knock[" + (upgrade ? "upgrade" : "call") + " from " + remote + "]";
        }
    }

    /** The decision. */
    sealed interface Admission {
        record Admitted(Caller caller) implements Admission {}

        /** A 401 gets a {@code WWW-Authenticate} header by itself. */
        record Refused(Problem problem) implements Admission {}
    }
}
