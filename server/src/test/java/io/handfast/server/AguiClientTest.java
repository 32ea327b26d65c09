package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The server with the unmodified AG-UI client from npm, whose own checks of the sequence of events are on. Needs Node.js 18 or newer with npm:
 * {@code apt-get install nodejs npm}. Without them it is skipped, but never in CI. The client is installed once, into target.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class AguiClientTest {
    private static final Path SOURCE = Path.of("src/test/agui-client");
    private static final Path INSTALLED = Path.of("target/agui-client");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "run.mjs");

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        NodeJs.need("node", "npm");
        install();
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static void install() throws Exception {
        Path lock = INSTALLED.resolve("package-lock.json");
        boolean installed = Files.exists(INSTALLED.resolve("node_modules/.package-lock.json"))
                && Files.mismatch(lock, SOURCE.resolve("package-lock.json")) < 0;
        Files.createDirectories(INSTALLED);
        for (String file : FILES) {
            Files.copy(SOURCE.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!installed) {
            NodeJs.run(INSTALLED, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
        }
    }

    /** What the client printed: the events that it accepted, and its messages in the end. */
    private record Seen(List<Map<?, ?>> events, List<?> messages, List<String> lines) {
        List<String> types() {
            return events.stream()
                    .map(event -> String.valueOf(event.get("type")))
                    .toList();
        }
    }

    private Seen run(Map<String, ?> job) throws Exception {
        String output = NodeJs.run(
                INSTALLED,
                "node",
                "run.mjs",
                server.url() + "/v1/agui/echo",
                new String(Json.write(job), StandardCharsets.UTF_8));
        List<Map<?, ?>> events = new ArrayList<>();
        List<?> messages = List.of();
        List<String> lines = output.lines().toList();
        assertThat(lines).as("complaints of the client").allMatch(line -> line.startsWith("{"));
        for (String line : lines) {
            Map<?, ?> printed = (Map<?, ?>) Json.read(line.getBytes(StandardCharsets.UTF_8));
            if (Objects.requireNonNull(printed).get("event") instanceof Map<?, ?> event) {
                events.add(event);
            } else if (printed.get("messages") instanceof List<?> list) {
                messages = list;
            }
        }
        return new Seen(events, messages, lines);
    }

    @Test
    void it_accepts_an_answer_with_thought_tool_and_text() throws Exception {
        Seen seen = run(Map.of("threadId", "c1", "runId", "c1-run", "text", "to be or not"));

        assertThat(seen.types()).startsWith("RUN_STARTED", "REASONING_START").endsWith("RUN_FINISHED");
        assertThat(seen.lines()).noneMatch(line -> line.startsWith("{\"failed\""));
        assertThat(seen.messages().toString())
                .contains("role=reasoning")
                .contains("role=tool")
                .contains("content=to be or not");
        Map<?, ?> answer = (Map<?, ?>) seen.messages().get(seen.messages().size() - 1);
        assertThat(answer.get("role")).isEqualTo("assistant");
        assertThat(answer.get("content")).isEqualTo("to be or not");
        assertThat(answer.get("id")).isEqualTo("c1-run");
    }

    @Test
    void its_repeat_of_a_run_is_told_the_same_and_runs_nothing_again() throws Exception {
        Map<String, Object> job = Map.of("threadId", "c2", "runId", "c2-run", "text", "once");
        Seen first = run(job);
        String log = server.get("/v1/threads/c2/events").body();

        Seen again = run(job);

        assertThat(again.events()).isEqualTo(first.events());
        assertThat(server.get("/v1/threads/c2/events").body()).isEqualTo(log);
    }

    @Test
    void it_joins_in_the_middle_of_an_answer_behind_what_it_has() throws Exception {
        String input =
                "{\"threadId\":\"c3\",\"runId\":\"c3-run\",\"messages\":[{\"id\":\"c3-run-question\",\"role\":\"user\","
                        + "\"content\":\"one two three\"}],\"forwardedProps\":{\"chunk_delay_ms\":100}}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/agui/echo"))
                .POST(HttpRequest.BodyPublishers.ofString(input))
                .build();
        String lastId = "";
        try (BufferedReader stream = new BufferedReader(new InputStreamReader(
                HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8))) {
            String line = "";
            while (!line.contains("\"delta\":\"one \"")) {
                line = Objects.requireNonNull(stream.readLine());
                lastId = line.startsWith("id: ") ? line.substring(4) : lastId;
            }
        }

        Seen seen = run(Map.of(
                "threadId",
                "c3",
                "runId",
                "c3-run",
                "headers",
                Map.of("Last-Event-ID", lastId),
                "messages",
                List.of(
                        Map.of("id", "c3-run-question", "role", "user", "content", "one two three"),
                        Map.of("id", "c3-run", "role", "assistant", "content", "one "))));

        assertThat(seen.types().subList(0, 3))
                .containsExactly("RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT");
        assertThat(seen.types()).endsWith("TEXT_MESSAGE_END", "RUN_FINISHED");
        Map<?, ?> answer = (Map<?, ?>) seen.messages().get(seen.messages().size() - 1);
        assertThat(answer.get("content")).isEqualTo("one two three");
    }

    @Test
    void it_sees_a_failure_as_one() throws Exception {
        Seen seen = run(Map.of(
                "threadId", "c4", "runId", "c4-run", "text", "one two", "props", Map.of("fail_after_chunks", 1)));

        assertThat(seen.types()).endsWith("RUN_ERROR");
    }
}
