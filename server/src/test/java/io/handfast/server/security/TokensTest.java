package io.handfast.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.handfast.server.security.Tokens.InvalidTokenException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.Test;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SECRET = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private final Tokens tokens = new Tokens(SECRET, Duration.ofSeconds(5));

    @Test
    void a_valid_token_says_who_until_when_and_what_for() throws Exception {
        Tokens.Identity identity = tokens.read(sign(claims().claim("scope", "chat publish unheard-of")), NOW);

        assertThat(identity.userId()).isEqualTo("ada");
        assertThat(identity.expiresAt()).isEqualTo(NOW.plusSeconds(60));
        assertThat(identity.scopes()).containsExactlyInAnyOrder("chat", "publish");
    }

    @Test
    void a_token_without_scope_may_chat() throws Exception {
        assertThat(tokens.read(sign(claims()), NOW).scopes()).containsExactly("chat");
        assertThat(tokens.read(sign(claims().claim("scope", " ")), NOW).scopes())
                .containsExactly("chat");
        assertThat(tokens.read(sign(claims().claim("scope", "publish")), NOW).scopes())
                .containsExactly("publish");
    }

    @Test
    void exp_is_required_and_ends_the_token_at_once() throws Exception {
        refused(sign(claims().expirationTime(null)), "no exp");
        refused(sign(claims().expirationTime(Date.from(NOW))), "expired");
        tokens.read(sign(claims().expirationTime(Date.from(NOW.plusSeconds(1)))), NOW);
    }

    @Test
    void nbf_may_lie_five_seconds_ahead_and_no_more() throws Exception {
        tokens.read(sign(claims().notBeforeTime(Date.from(NOW.plusSeconds(5)))), NOW);
        refused(sign(claims().notBeforeTime(Date.from(NOW.plusSeconds(6)))), "nbf");
    }

    @Test
    void sub_is_required_and_has_to_be_a_name() throws Exception {
        refused(sign(claims().subject(null)), "sub");
        refused(sign(claims().subject("  ")), "sub");
        refused(sign(claims().subject("a\nb")), "sub");
        refused(sign(claims().subject("x".repeat(257))), "sub");
        assertThat(tokens.read(sign(claims().subject("auth0|ada@example.org")), NOW)
                        .userId())
                .isEqualTo("auth0|ada@example.org");
    }

    @Test
    void only_HS256_with_the_right_key_is_taken() throws Exception {
        refused(new PlainJWT(claims().build()).serialize(), "no signed JWT");
        refused(sign(JWSAlgorithm.HS512, SECRET, claims()), "allowed: HS256");
        refused(sign(JWSAlgorithm.HS256, SECRET.replace('0', 'f'), claims()), "signature");
        String valid = sign(claims());
        String unsigned = valid.substring(0, valid.lastIndexOf('.') + 1);
        refused(unsigned, "");
        refused(unsigned + "AAAA", "signature");
    }

    @Test
    void rubbish_is_refused_without_being_repeated() {
        for (String rubbish : new String[] {"", ".", "..", "a.b.c", "no token", "{}", "\u0000", "e30.e30.e30"}) {
            assertThatThrownBy(() -> tokens.read(rubbish, NOW)).isInstanceOf(InvalidTokenException.class);
        }
        assertThatThrownBy(() -> tokens.read("my-secret-thing", NOW)).hasMessageNotContaining("my-secret");
    }

    private void refused(String token, String reason) {
        assertThatThrownBy(() -> tokens.read(token, NOW))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining(reason);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().subject("ada").expirationTime(Date.from(NOW.plusSeconds(60)));
    }

    private static String sign(JWTClaimsSet.Builder claims) throws Exception {
        return sign(JWSAlgorithm.HS256, SECRET, claims);
    }

    private static String sign(JWSAlgorithm algorithm, String secret, JWTClaimsSet.Builder claims) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims.build());
        jwt.sign(new MACSigner(secret));
        return jwt.serialize();
    }
}
