package io.handfast.bench.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/** Who clients are, by the name of a user. Any thread may call. */
@FunctionalInterface
public interface Identities {
    /** The identity of a user. */
    Identity of(String user);

    /** Names without proof, for the profiles {@code development} and {@code testing}. */
    static Identities named() {
        return user -> new Identity(user, null);
    }

    /**
     * Tokens signed with the server's own secret, HS256, so that each client is a user of its own (spec/protocol.md, "Who").
     *
     * @param validity of each, from the moment it is made
     * @throws IllegalArgumentException when the secret has fewer than 32 bytes
     */
    static Identities signed(String secret, Duration validity) {
        MACSigner signer;
        try {
            signer = new MACSigner(secret.getBytes(StandardCharsets.UTF_8));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret is not usable for HS256; allowed: at least 32 bytes", e);
        }
        return user -> {
            SignedJWT token = new SignedJWT(
                    new JWSHeader(JWSAlgorithm.HS256),
                    new JWTClaimsSet.Builder()
                            .subject(user)
                            .claim("scope", "chat admin")
                            .expirationTime(Date.from(Instant.now().plus(validity)))
                            .build());
            try {
                token.sign(signer);
            } catch (JOSEException e) {
                throw new IllegalStateException("a secret that made a signer signs", e);
            }
            return new Identity(user, token.serialize());
        };
    }
}
