package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may come in, and to what, at the running server (spec/protocol.md, "Who" and "Whose"). */
class AccessTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void without_a_token_nobody_comes_in_where_tokens_are_required() throws Exception {
        try (TestServer server = strict()) {
            assertThat(TestClient.refusal(server.socketUri(""), Map.of())).isEqualTo(401);
            assertThat(TestClient.refusal(server.socketUri("user=ada"), Map.of()))
                    .isEqualTo(401);
            assertThat(TestClient.refusal(server.socketUri(""), bearer("nonsense")))
                    .isEqualTo(401);
            assertThat(TestClient.refusal(server.socketUri(""), bearer(token("ada", -1))))
                    .isEqualTo(401);
            HttpResponse<String> refused = server.get("/v1/agents", "X-Handfast-User", "ada");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("WWW-Authenticate")).isPresent();
            assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
            assertThat(server.get("/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_token_comes_by_header_or_by_sub_protocol() throws Exception {
        try (TestServer server = strict()) {
            try (TestClient client = TestClient.connect(server.socketUri(""), bearer(token("ada", 60)))) {
                assertThat(client.await("connection_ready").fields()).containsEntry("user_id", "ada");
            }
            try (TestClient client = server.connect("", "handfast.v1.transport", "bearer." + token("bob", 60))) {
                assertThat(client.protocol()).isEqualTo("handfast.v1.transport");
                assertThat(client.await("connection_ready").fields()).containsEntry("user_id", "bob");
            }
            assertThat(server.get("/v1/agents", "Authorization", "Bearer " + token("ada", 60))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void a_connection_is_closed_with_4500_when_its_token_ends() throws Exception {
        try (TestServer server = strict();
                TestClient client = TestClient.connect(server.socketUri(""), bearer(token("ada", 5)))) {
            assertThat(client.closeCode()).isEqualTo(4500);
        }
    }

    @Test
    void a_token_opens_what_its_scope_says() throws Exception {
        try (TestServer server = strict()) {
            String admin = token("op", 60, "admin");
            String body = "{\"directory\":\"/nowhere/at/all\"}";
            assertThat(TestClient.refusal(server.socketUri(""), bearer(admin))).isEqualTo(403);
            assertThat(server.get("/v1/threads", "Authorization", "Bearer " + admin)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(server.post("/admin/v1/backup", body, "Authorization", "Bearer " + admin)
                            .body())
                    .contains("log_in_memory");
            for (String scope : new String[] {null, "chat", "chat publish"}) {
                HttpResponse<String> refused =
                        server.post("/admin/v1/backup", body, "Authorization", "Bearer " + token("ada", 60, scope));
                assertThat(refused.statusCode()).isEqualTo(403);
                assertThat(refused.body()).contains("scope has to contain admin");
            }
        }
    }

    @Test
    void a_thread_belongs_to_who_came_first() throws Exception {
        try (TestServer server = TestServer.start()) {
            try (TestClient ada = server.connect("user=ada&thread_id=hers")) {
                ada.await("subscribed");
                assertThat(TestClient.refusal(server.socketUri("user=bob&thread_id=hers"), Map.of()))
                        .isEqualTo(403);
                try (TestClient bob = server.connect("user=bob")) {
                    bob.send("subscribe", "thread_id", "hers");
                    assertThat(bob.await("error").fields()).containsEntry("code", "forbidden");
                }
                assertThat(server.get("/v1/threads/hers/events", "X-Handfast-User", "bob")
                                .statusCode())
                        .isEqualTo(403);
                assertThat(server.get("/v1/threads/hers/events", "X-Handfast-User", "ada")
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void pages_of_foreign_origins_are_refused_unless_they_are_on_the_list() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_ALLOWED_ORIGINS", "https://chat.example")) {
            assertThat(TestClient.refusal(server.socketUri(""), Map.of("Origin", "https://evil.example")))
                    .isEqualTo(403);
            TestClient.connect(server.socketUri(""), Map.of("Origin", "https://chat.example"))
                    .close();
            TestClient.connect(server.socketUri(""), Map.of("Origin", server.url()))
                    .close();
        }
    }

    @Test
    void a_server_without_agents_says_so_and_one_with_agents_does_not() throws Exception {
        try (LogLines log = LogLines.of("io.handfast.server")) {
            TestServer.start().close();
            assertThat(log.warnings()).isEmpty();
            strict().close();
            assertThat(log.warnings()).singleElement().asString().contains("no agent is configured");
        }
    }

    @Test
    void in_development_a_name_is_believed_when_it_is_one() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_AUTH_JWT_SECRET", SECRET)) {
            try (TestClient client = server.connect("user=ada%40example.org")) {
                assertThat(client.await("connection_ready").fields()).containsEntry("user_id", "ada@example.org");
            }
            assertThat(TestClient.refusal(server.socketUri("user=%0A"), Map.of()))
                    .isEqualTo(400);
            assertThat(Frame.of(server.get("/v1/agents", "X-Handfast-User", "x".repeat(300))
                                    .body())
                            .fields())
                    .containsEntry("field", "X-Handfast-User");
            try (TestClient client = TestClient.connect(server.socketUri("user=bob"), bearer(token("ada", 60)))) {
                assertThat(client.await("connection_ready").fields()).containsEntry("user_id", "ada");
            }
            assertThat(TestClient.refusal(server.socketUri(""), bearer("nonsense")))
                    .isEqualTo(401);
        }
    }

    private static TestServer strict() throws Exception {
        return TestServer.start("HANDFAST_ENV", "staging", "HANDFAST_AUTH_JWT_SECRET", SECRET);
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static String token(String user, long seconds) throws Exception {
        return token(user, seconds, null);
    }

    private static String token(String user, long seconds, @Nullable String scope) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(user)
                        .claim("scope", scope)
                        .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                        .build());
        jwt.sign(new MACSigner(SECRET));
        return jwt.serialize();
    }
}
