package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The command as a process: what it prints, how it ends (spec/protocol.md, "Command line and settings"). */
class ServeTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration DRAIN_MAX = Duration.ofSeconds(8);
    private static final long PATIENCE_SECONDS = Command.PATIENCE.toSeconds();

    @Test
    void it_prints_one_line_when_it_takes_connections_and_ends_with_0_on_SIGTERM() throws Exception {
        try (Command serve = Command.start(Map.of(), "serve", "--port", "0")) {
            String url = serve.url();
            assertThat(url).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*");
            assertThat(get(url + "/readyz").statusCode()).isEqualTo(200);

            serve.signal("TERM");

            assertThat(serve.exitCode()).isZero();
            assertThat(serve.standardOutput()).isEqualTo("handfast ready on " + url + "\n");
            assertThat(serve.standardError())
                    .contains("profile=\"development\"")
                    .doesNotContain("WARN", "Exception");
        }
    }

    @Test
    void it_drains_within_8_seconds_while_an_answer_streams() throws Exception {
        // The windows of a drain are 6 s together at most, see the settings; a short one leaves time to a busy machine.
        try (Command serve = Command.start(Map.of(), "serve", "--port", "0", "--drain-runs", "1s")) {
            URI socket = URI.create(serve.url().replace("http", "ws") + "/v1/ws?thread_id=t");
            Answer answer = new Answer();
            WebSocket client =
                    HTTP.newWebSocketBuilder().buildAsync(socket, answer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            client.sendText(
                            "{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"m\",\"agent\":\"echo\",\"text\":\""
                                    + "word ".repeat(500) + "\",\"options\":{\"chunk_delay_ms\":100}}",
                            true)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            answer.streaming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            serve.signal("TERM");

            assertThat(serve.endsWithin(DRAIN_MAX)).as(serve.standardError()).isTrue();
            assertThat(answer.lost.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).contains("\"agent_lost\"");
            assertThat(answer.closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1012);
            assertThat(serve.exitCode()).isZero();
        }
    }

    @Test
    void a_second_signal_ends_it_at_once() throws Exception {
        try (Command serve =
                Command.start(Map.of(), "serve", "--port", "0", "--drain-runs", "5s", "--drain-connections", "1s")) {
            URI socket = URI.create(serve.url().replace("http", "ws") + "/v1/ws?thread_id=t");
            Answer answer = new Answer();
            WebSocket client =
                    HTTP.newWebSocketBuilder().buildAsync(socket, answer).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            client.sendText(
                            "{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"m\",\"agent\":\"echo\",\"text\":\"a b\","
                                    + "\"options\":{\"hang_after_chunks\":1}}",
                            true)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            answer.streaming.get(PATIENCE_SECONDS, TimeUnit.SECONDS);

            serve.signal("INT");
            serve.awaitError("draining");
            serve.signal("INT");

            assertThat(serve.exitCode()).isEqualTo(130);
        }
    }

    @Test
    void a_port_in_use_is_named_and_the_exit_code_is_1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Command serve = Command.start(Map.of(), "serve", "--port", Integer.toString(taken.getLocalPort()))) {
            assertThat(serve.exitCode()).isEqualTo(1);
            assertThat(serve.standardError())
                    .contains("127.0.0.1:" + taken.getLocalPort())
                    .contains("the address is in use, by another program; choose another port with --port")
                    .doesNotContain("bind(");
            assertThat(serve.standardOutput()).isEmpty();
        }
    }

    @Test
    void all_mistakes_of_the_configuration_are_told_at_once_with_exit_code_2() throws Exception {
        try (Command serve = Command.start(
                Map.of("HANDFAST_HEARTBEAT_MS", "soon", "HANDFAST_HEARTBEET", "1"), "serve", "--env", "production")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.standardError())
                    .contains("handfast.heartbeat-ms is 'soon' (HANDFAST_HEARTBEAT_MS); allowed: 100ms to 1h")
                    .contains("HANDFAST_HEARTBEET")
                    .contains("handfast.auth.jwt-secret (HANDFAST_AUTH_JWT_SECRET) is not set");
        }
    }

    @Test
    void a_mistyped_option_is_answered_with_the_one_that_was_meant() throws Exception {
        try (Command serve = Command.start(Map.of(), "serve", "--readines-strategy", "basic")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.standardError())
                    .contains("--readines-strategy is no option; did you mean --readiness-strategy?");
        }
    }

    @Test
    void a_secret_on_the_command_line_is_answered_with_its_variable() throws Exception {
        try (Command serve = Command.start(Map.of(), "serve", "--auth-jwt-secret", "x", "--config", "/nope")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.standardError())
                    .contains("--auth-jwt-secret is a secret, and secrets are no options")
                    .contains("set HANDFAST_AUTH_JWT_SECRET in the environment")
                    .contains("the file /nope (--config) does not exist")
                    .doesNotContain("Exception");
        }
    }

    @Test
    void what_is_no_command_is_answered_with_all_that_there_are() throws Exception {
        try (Command frob = Command.start(Map.of(), "frob")) {
            assertThat(frob.exitCode()).isEqualTo(2);
            assertThat(frob.standardError())
                    .startsWith("there is no command 'frob'; there are: backup, bench, edge, load, race, serve, sim\n")
                    .endsWith("Try: handfast --help\n");
        }
    }

    @Test
    void what_belongs_to_no_option_is_answered_with_what_the_command_takes() throws Exception {
        try (Command backUp = Command.start(Map.of(), "backup", "/nope/a", "/nope/b");
                Command sim = Command.start(Map.of(), "sim", "x")) {
            assertThat(backUp.exitCode()).isEqualTo(2);
            assertThat(backUp.standardError())
                    .startsWith("'/nope/b' belongs to no option; handfast backup takes beside options only DIR\n");
            assertThat(sim.exitCode()).isEqualTo(2);
            assertThat(sim.standardError()).startsWith("'x' belongs to no option; handfast sim takes options only\n");
        }
    }

    @Test
    void what_is_no_option_hides_no_other_mistake_and_is_not_guessed_at() throws Exception {
        try (Command serve = Command.start(
                Map.of("HANDFAST_HEARTBEAT_MS", "soon"),
                "serve",
                "--bogus",
                "1",
                "--port",
                "99999",
                "--log",
                "redis://a:1")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.standardError())
                    .contains("--bogus is no option; docs/config.md lists them all")
                    .contains("handfast.heartbeat-ms is 'soon'")
                    .contains("handfast.port is '99999' (--port); allowed: 0 to 65535")
                    .contains("handfast.log is 'redis://a:1' (--log); allowed: memory or rocksdb");
        }
        try (Command serve = Command.start(Map.of(), "serve", "8080")) {
            assertThat(serve.exitCode()).isEqualTo(2);
            assertThat(serve.standardError()).contains("'8080' is no option");
        }
    }

    @Test
    void the_log_is_json_when_asked_for() throws Exception {
        try (Command serve = Command.start(Map.of("HANDFAST_LOG_FORMAT", "json"), "serve", "--port", "0")) {
            serve.url();
            serve.signal("TERM");
            assertThat(serve.exitCode()).isZero();
            assertThat(serve.standardError().lines()).isNotEmpty().allMatch(line -> line.startsWith("{"));
            assertThat(serve.standardError()).contains("\"profile\":\"development\"");
        }
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What of an answer these tests wait for. */
    private static final class Answer implements WebSocket.Listener {
        private final CompletableFuture<String> streaming = new CompletableFuture<>();
        private final CompletableFuture<String> lost = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
            String frame = text.toString();
            if (frame.contains("\"agent_response_chunk\"")) {
                streaming.complete(frame);
            } else if (frame.contains("\"agent_error\"")) {
                lost.complete(frame);
            }
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }
    }
}
