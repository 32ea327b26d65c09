package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.protocol.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code handfast backup} as a process, beside servers that are processes. */
class BackUpCommandTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int WRITERS = 3;

    @TempDir
    private Path temp;

    /** A message that the server has acknowledged. */
    private record Acknowledged(String threadId, String messageId, long seq, String runId) {}

    @Test
    void everything_acknowledged_before_a_back_up_began_is_there_after_a_start_on_it() throws Exception {
        Path copy = temp.resolve("copy");
        try (Command server = Command.start(Map.of(), "serve", "--port", "0");
                Traffic traffic = new Traffic(server.url())) {
            await().atMost(Command.PATIENCE).until(() -> traffic.acknowledged.size() > 30);
            List<Acknowledged> before = List.copyOf(traffic.acknowledged);
            Map<String, Object> epochs = Map.of("t0", epoch(server.url(), "t0"), "t1", epoch(server.url(), "t1"));

            try (Command backUp = Command.start(Map.of(), "backup", copy.toString(), "--from", server.url())) {
                assertThat(backUp.exitCode()).isZero();
                assertThat(backUp.standardOutput()).isEqualTo("backed up to " + copy + "\n");
            }
            int during = traffic.acknowledged.size();
            await().atMost(Command.PATIENCE).until(() -> traffic.acknowledged.size() > during);

            try (Command restored = Command.start(Map.of(), "serve", "--port", "0", "--data", copy.toString())) {
                String url = restored.url();
                for (Acknowledged message : before) {
                    Map<?, ?> repeated = post(url, message.threadId(), message.messageId());
                    assertThat(repeated.get("seq")).as(message.toString()).isEqualTo(message.seq());
                    assertThat(repeated.get("run_id")).isEqualTo(message.runId());
                    assertThat(repeated.get("duplicate")).isEqualTo(true);
                }
                for (Map.Entry<String, Object> epoch : epochs.entrySet()) {
                    assertThat(epoch(url, epoch.getKey())).isNotEqualTo(epoch.getValue());
                    Map<?, ?> told =
                            get(url, "/v1/threads/" + epoch.getKey() + "/events?after_seq=1&epoch=" + epoch.getValue());
                    assertThat(((Map<?, ?>) Objects.requireNonNull(told.get("gap"))).get("reason"))
                            .isEqualTo("epoch_changed");
                }
            }
        }
    }

    @Test
    void it_says_why_there_is_no_back_up_and_ends_with_1() throws Exception {
        try (Command server = Command.start(Map.of("HANDFAST_LOG", "memory"), "serve", "--port", "0")) {
            assertThat(failure(temp.resolve("a").toString(), "--from", server.url()))
                    .contains("keeps its log in memory");
            assertThat(failure(
                            temp.resolve("a").toString(),
                            "--from",
                            server.url(),
                            "--token-file",
                            temp.resolve("none").toString()))
                    .contains("the file " + temp.resolve("none") + " (--token-file) does not exist");
            assertThat(failure(
                            temp.resolve("a").toString(),
                            "--data",
                            temp.resolve("none").toString()))
                    .contains("there is no log in " + temp.resolve("none"));
        }
        Map<String, String> strict =
                Map.of("HANDFAST_ENV", "staging", "HANDFAST_AUTH_JWT_SECRET", "0123456789abcdef0123456789abcdef");
        try (Command server = Command.start(strict, "serve", "--port", "0")) {
            String url = server.url();
            assertThat(failure(temp.resolve("a").toString(), "--from", url))
                    .contains("a token is required", "401", "HANDFAST_TOKEN");
            server.signal("TERM");
            server.exitCode();
            assertThat(failure(temp.resolve("a").toString(), "--from", url))
                    .contains("no server can be reached at " + url);
        }
        assertThat(temp.resolve("a")).doesNotExist();
    }

    @Test
    void the_data_of_a_server_that_is_not_running_is_copied_without_one() throws Exception {
        Path data = temp.resolve("data");
        Path copy = temp.resolve("copy");
        try (Command server = Command.start(Map.of(), "serve", "--port", "0", "--data", data.toString())) {
            post(server.url(), "t", "m1");
            assertThat(failure(copy.toString(), "--data", data.toString())).contains("another server uses");
            server.signal("TERM");
            server.exitCode();
        }
        try (Command backUp = Command.start(Map.of(), "backup", copy.toString(), "--data", data.toString())) {
            assertThat(backUp.exitCode()).isZero();
        }
        assertThat(failure(copy.toString(), "--data", data.toString())).contains(copy + " exists");
        try (Command restored = Command.start(Map.of(), "serve", "--port", "0", "--data", copy.toString())) {
            assertThat(post(restored.url(), "t", "m1").get("duplicate")).isEqualTo(true);
        }
        assertThat(Files.exists(data.resolve("rocksdb"))).isTrue();
    }

    @Test
    void a_running_server_and_the_data_of_none_are_not_backed_up_at_once() {
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new BackUpCommand())
                .setErr(new PrintWriter(err))
                .execute(temp.resolve("a").toString(), "--data", temp.toString(), "--from", "http://127.0.0.1:1");
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString()).contains("--from names a running server", "give one of them");
    }

    private static String failure(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = new CommandLine(new BackUpCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertThat(exitCode).as(err.toString()).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        return err.toString();
    }

    private static Map<?, ?> post(String url, String threadId, String messageId) throws Exception {
        byte[] body =
                Json.write(Map.of("message_id", messageId, "agent", "echo", "text", "a few words for " + messageId));
        HttpResponse<byte[]> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(url + "/v1/threads/" + threadId + "/messages"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .timeout(Command.PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(202);
        return (Map<?, ?>) Objects.requireNonNull(Json.read(response.body()));
    }

    private static Map<?, ?> get(String url, String path) throws Exception {
        HttpResponse<byte[]> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        return (Map<?, ?>) Objects.requireNonNull(Json.read(response.body()));
    }

    private static Object epoch(String url, String threadId) throws Exception {
        return Objects.requireNonNull(
                get(url, "/v1/threads/" + threadId + "/events?limit=1").get("epoch"));
    }

    /** Writers that send one message after the other, each to a thread of its own, until they are closed. */
    private static final class Traffic implements AutoCloseable {
        final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<Thread> writers = new ArrayList<>();

        Traffic(String url) {
            for (int i = 0; i < WRITERS; i++) {
                String threadId = "t" + i;
                Thread writer = new Thread(() -> write(url, threadId));
                writer.setDaemon(true);
                writers.add(writer);
                writer.start();
            }
        }

        private void write(String url, String threadId) {
            for (int i = 0; !over.get(); i++) {
                try {
                    Map<?, ?> answer = post(url, threadId, "m" + i);
                    acknowledged.add(new Acknowledged(
                            threadId, "m" + i, (Long) Objects.requireNonNull(answer.get("seq")), (String)
                                    Objects.requireNonNull(answer.get("run_id"))));
                } catch (IOException | AssertionError e) {
                    // Too many runs wait, or the server is gone: what counts is what was acknowledged.
                    i--;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void close() {
            over.set(true);
            for (Thread writer : writers) {
                try {
                    writer.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
