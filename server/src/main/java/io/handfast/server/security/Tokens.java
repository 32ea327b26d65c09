package io.handfast.server.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tokens with which users show who they are: JWTs signed with HS256 and nothing else (spec/protocol.md, "Who"). May be
 * used by any thread; does not block.
 */
final class Tokens {
    private static final Set<String> SCOPES = Set.of("chat", "publish", "admin");

    private final MACVerifier verifier;
    private final Duration leeway;

    /**
     * Tokens signed with this secret.
     *
     * @param secret at least 32 bytes in UTF-8
     * @param leeway how far {@code nbf} may lie ahead. At {@code exp} a token ends at once: its connections are closed then, and
     *     one that came in by leeway would be closed as it opens
     */
    Tokens(String secret, Duration leeway) {
        try {
            this.verifier = new MACVerifier(secret.getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret is not usable for HS256: " + e.getMessage(), e);
        }
        this.leeway = leeway;
    }

    /**
     * What a valid token says.
     *
     * @param expiresAt when the token ends
     */
    record Identity(String userId, Instant expiresAt, Set<String> scopes) {}

    /** Reads a token as of {@code now}. */
    Identity read(String token, Instant now) throws InvalidTokenException {
        JWTClaimsSet claims = verified(token);
        Date expires = claims.getExpirationTime();
        if (expires == null) {
            throw new InvalidTokenException("the token has no exp");
        }
        if (!now.isBefore(expires.toInstant())) {
            throw new InvalidTokenException("the token has expired");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && now.plus(leeway).isBefore(notBefore.toInstant())) {
            throw new InvalidTokenException("the token is not valid yet (nbf)");
        }
        String user = claims.getSubject();
        if (user == null || !Users.valid(user)) {
            throw new InvalidTokenException("the token's sub is no user; allowed: " + Users.ALLOWED);
        }
        return new Identity(user, expires.toInstant(), scopes(claims));
    }

    private JWTClaimsSet verified(String token) throws InvalidTokenException {
        try {
            SignedJWT jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm())) {
                throw new InvalidTokenException(
                        "the token is signed with " + jwt.getHeader().getAlgorithm() + "; allowed: HS256");
            }
            if (!jwt.verify(verifier)) {
                throw new InvalidTokenException("the token's signature is not right");
            }
            return jwt.getJWTClaimsSet();
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw new InvalidTokenException("the token is no signed JWT");
        }
    }

    /** What this server does not know is left out; a token without any scope may chat. */
    private static Set<String> scopes(JWTClaimsSet claims) throws InvalidTokenException {
        @Nullable String scope;
        try {
            scope = claims.getStringClaim("scope");
        } catch (ParseException e) {
            throw new InvalidTokenException("the token's scope is no text");
        }
        if (scope == null || scope.isBlank()) {
            return Set.of("chat");
        }
        Set<String> scopes = new TreeSet<>(List.of(scope.strip().split(" +")));
        scopes.retainAll(SCOPES);
        return Set.copyOf(scopes);
    }

    /** Says what is wrong with a token; never contains it. */
    static final class InvalidTokenException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidTokenException(String message) {
            super(message);
        }
    }
}
