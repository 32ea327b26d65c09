package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The page, the documentation, the metrics and the status, at the running server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void the_page_comes_with_a_strict_policy() throws Exception {
        HttpResponse<String> page = server.get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>Handfast</title>");
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(page.headers().firstValue("referrer-policy")).contains("no-referrer");
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .startsWith("default-src 'none'; script-src 'self';")
                        .contains("require-trusted-types-for 'script'")
                        .doesNotContain("unsafe"));
        assertThat(server.get("/app/chat.js").headers().firstValue("content-type"))
                .contains("text/javascript; charset=utf-8");
    }

    @Test
    void a_file_that_the_browser_has_is_not_sent_again() throws Exception {
        String etag = server.get("/app/chat.js").headers().firstValue("etag").orElseThrow();

        HttpResponse<String> again = server.get("/app/chat.js", "If-None-Match", "\"other\", W/" + etag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(server.get("/app/chat.js", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothing_but_the_packaged_files_is_reached() throws Exception {
        for (String path : new String[] {
            "/app/",
            "/app/nothing.js",
            "/app/%2e%2e/logback.xml",
            "/app/..%2flogback.xml",
            "/docs/../logback.xml",
            "/logback.xml"
        }) {
            assertThat(server.get(path).statusCode()).as(path).isBetween(400, 404);
        }
    }

    @Test
    void the_documentation_is_there_as_it_is_written() throws Exception {
        HttpResponse<String> settings = server.get("/docs/docs/config.md");

        assertThat(settings.statusCode()).isEqualTo(200);
        assertThat(settings.headers().firstValue("content-type")).contains("text/markdown; charset=utf-8");
        assertThat(settings.body()).startsWith("# Settings");
        assertThat(server.get("/docs/spec/protocol.md").body()).startsWith("# Wire protocol");
    }

    @Test
    void the_status_says_what_is_in_force() throws Exception {
        assertThat(Frame.of(server.get("/status").body()).fields())
                .containsEntry("profile", "development")
                .containsEntry("strategy", "proof");
    }

    @Test
    void a_conversation_is_counted() throws Exception {
        try (TestClient client = server.connect("thread_id=counted")) {
            client.send("user_message", "thread_id", "counted", "message_id", "m1", "agent", "echo", "text", "a b");
            client.await("agent_completed");
        }
        Awaitility.await()
                .atMost(TestServer.PATIENCE)
                .untilAsserted(() -> assertThat(server.get("/metrics").body())
                        .contains(
                                "handfast_connections_opened_total{profile=\"development\",strategy=\"proof\",tier=\"transport\"} 1")
                        .contains(
                                "handfast_ready_seconds_count{profile=\"development\",proof=\"transport\",strategy=\"proof\"")
                        .contains("handfast_ready_seconds_bucket")
                        .contains("handfast_proof_attempts")
                        .contains("handfast_connections_closed_total{")
                        .contains("handfast_events_appended_total 8")
                        .contains("handfast_events_delivered_total 8")
                        .contains("handfast_runs_ended_seconds_count{agent=\"echo\",ending=\"agent_completed\"} 1")
                        .contains("jvm_memory_used_bytes"));
    }
}
