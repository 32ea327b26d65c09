package io.handfast.server.security;

import io.handfast.netty.http.Caller;
import io.handfast.netty.http.Gatekeeper;
import io.handfast.netty.http.Problem;
import io.handfast.server.config.Settings;
import io.handfast.server.security.Tokens.Identity;
import io.handfast.server.security.Tokens.InvalidTokenException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Admits who shows a valid token and, in {@code development} and {@code testing}, whoever comes (spec/protocol.md, "Who"). A
 * token that is shown and is not valid is refused everywhere: a mistake there would come out in production only.
 */
public final class DoorKeeper implements Gatekeeper {
    private static final Set<String> ALL_SCOPES = Set.of("chat", "publish", "admin");
    private static final String BEARER = "bearer ";

    /** No connection lives this long; dates of any year can be counted in nanoseconds from now then. */
    private static final Duration LATEST = Duration.ofDays(365);

    private final @Nullable Tokens tokens;
    private final boolean anonymousAllowed;
    private final Clock clock;

    private DoorKeeper(@Nullable Tokens tokens, boolean anonymousAllowed, Clock clock) {
        this.tokens = tokens;
        this.anonymousAllowed = anonymousAllowed;
        this.clock = clock;
    }

    /** The door keeper that the settings ask for. */
    public static DoorKeeper of(Settings settings, Clock clock) {
        return new DoorKeeper(
                settings.auth()
                        .jwtSecret()
                        .map(secret -> new Tokens(secret, settings.auth().leeway()))
                        .orElse(null),
                settings.env().anonymousAllowed(),
                clock);
    }

    @Override
    public CompletionStage<Admission> admit(Knock knock) {
        return CompletableFuture.completedFuture(decide(knock));
    }

    private Admission decide(Knock knock) {
        if (tokens != null) {
            Optional<String> token = token(knock);
            if (token.isPresent()) {
                return byToken(tokens, token.get());
            }
            if (knock.authorization() != null) {
                return unauthorized("the header Authorization has to be: Bearer and a token");
            }
        }
        if (!anonymousAllowed) {
            return unauthorized("a token is required: the header Authorization: Bearer TOKEN,"
                    + " or the sub-protocol bearer.TOKEN beside handfast.v1");
        }
        return byName(knock);
    }

    private static Optional<String> token(Knock knock) {
        String authorization = knock.authorization();
        if (authorization != null) {
            return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                    ? Optional.of(authorization.substring(BEARER.length()).strip())
                    : Optional.empty();
        }
        return Optional.ofNullable(knock.bearerProtocol());
    }

    private Admission byToken(Tokens keys, String token) {
        Instant now = clock.instant();
        Identity identity;
        try {
            identity = keys.read(token, now);
        } catch (InvalidTokenException e) {
            return unauthorized(String.valueOf(e.getMessage()));
        }
        Instant latest = now.plus(LATEST);
        Instant expiresAt = identity.expiresAt().isBefore(latest) ? identity.expiresAt() : latest;
        return new Admission.Admitted(new Caller(identity.userId(), expiresAt, identity.scopes()));
    }

    /** Nobody has to say who it is; who does is believed. */
    private static Admission byName(Knock knock) {
        boolean byQuery = knock.queryUser() != null;
        String user = byQuery ? knock.queryUser() : knock.userHeader();
        if (user == null) {
            user = Users.ANONYMOUS;
        } else if (!Users.valid(user)) {
            String field = byQuery ? "user" : "X-Handfast-User";
            return new Admission.Refused(Problem.invalidField(field, field + " has to be " + Users.ALLOWED));
        }
        return new Admission.Admitted(new Caller(user, null, ALL_SCOPES));
    }

    private static Admission unauthorized(String detail) {
        return new Admission.Refused(Problem.of(401, "unauthorized", detail));
    }
}
