package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The running server as an agent of AG-UI clients (docs/agui.md). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AguiOutTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private TestServer server;

    @TempDir
    private Path data;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private record Told(String id, Frame event) {}

    /** A stream under way; each line of it is read once. */
    private static final class Reading implements AutoCloseable {
        private final BufferedReader lines;

        Reading(HttpResponse<InputStream> response) {
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** The next event; empty at the end of the stream. */
        Optional<Told> read() throws Exception {
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return Optional.of(new Told(id, Frame.of(line.substring(6))));
                }
            }
            return Optional.empty();
        }

        Told next() throws Exception {
            return read().orElseThrow(() -> new AssertionError("the stream has ended"));
        }

        List<Told> rest() throws Exception {
            List<Told> rest = new ArrayList<>();
            for (Optional<Told> told = read(); told.isPresent(); told = read()) {
                rest.add(told.get());
            }
            return rest;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static String input(String threadId, String runId, String messageId, String text, String props) {
        return "{\"threadId\":\"" + threadId + "\",\"runId\":\"" + runId + "\",\"messages\":[{\"id\":\"" + messageId
                + "\",\"role\":\"user\",\"content\":\"" + text + "\"}],\"tools\":[],\"context\":[],\"state\":{},"
                + "\"forwardedProps\":" + props + "}";
    }

    private Reading ask(String input, String... headers) throws Exception {
        return ask(server, input, headers);
    }

    private Reading ask(TestServer asked, String input, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(asked.url() + "/v1/agui/echo"))
                .timeout(TestServer.PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(input));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
        return new Reading(response);
    }

    private static List<String> types(List<Told> told) {
        return told.stream().map(one -> one.event().type()).toList();
    }

    private static String text(List<Told> told) {
        StringBuilder text = new StringBuilder();
        told.stream()
                .filter(one -> one.event().type().equals("TEXT_MESSAGE_CONTENT"))
                .forEach(one -> text.append(one.event().text("delta")));
        return text.toString();
    }

    private static Frame last(List<Told> told) {
        return told.get(told.size() - 1).event();
    }

    private List<?> events(String threadId) throws Exception {
        return (List<?>) Objects.requireNonNull(
                Frame.of(server.get("/v1/threads/" + threadId + "/events").body())
                        .fields()
                        .get("events"));
    }

    @Test
    void any_agent_answers_in_events_of_agui() throws Exception {
        try (Reading reading = ask(input("a1", "a1-run", "m1", "to be", "{}"))) {
            List<Told> told = reading.rest();
            assertThat(types(told))
                    .containsExactly(
                            "RUN_STARTED",
                            "REASONING_START",
                            "REASONING_MESSAGE_START",
                            "REASONING_MESSAGE_CONTENT",
                            "REASONING_MESSAGE_END",
                            "REASONING_END",
                            "TOOL_CALL_START",
                            "TOOL_CALL_ARGS",
                            "TOOL_CALL_END",
                            "TOOL_CALL_RESULT",
                            "TEXT_MESSAGE_START",
                            "TEXT_MESSAGE_CONTENT",
                            "TEXT_MESSAGE_CONTENT",
                            "TEXT_MESSAGE_END",
                            "RUN_FINISHED");
            assertThat(text(told)).isEqualTo("to be");
            assertThat(told.get(0).event().fields())
                    .containsEntry("threadId", "a1")
                    .containsEntry("runId", "a1-run")
                    .containsEntry("protocolVersion", "1.0");
            assertThat(last(told).fields()).containsEntry("outcome", Map.of("type", "success"));
        }
        assertThat(Frame.of(server.get("/v1/threads/a1/events").body()).text("epoch"))
                .isNotEmpty();
    }

    @Test
    void the_same_run_again_and_the_same_message_again_run_nothing_again() throws Exception {
        List<Told> first = ask(input("a2", "a2-run", "m1", "to be", "{}")).rest();
        int events = events("a2").size();
        List<Told> again = ask(input("a2", "a2-run", "m1", "to be", "{}")).rest();
        assertThat(again).isEqualTo(first);
        List<Told> otherRun = ask(input("a2", "a2-other", "m1", "to be", "{}")).rest();
        assertThat(types(otherRun)).isEqualTo(types(first));
        assertThat(last(otherRun).fields()).containsEntry("runId", "a2-other");
        assertThat(events("a2")).hasSize(events);
    }

    @Test
    void a_client_that_comes_back_in_the_middle_is_told_the_rest() throws Exception {
        String input = input("a3", "a3-run", "m1", "one two three four", "{\"chunk_delay_ms\":100}");
        List<Told> before = new ArrayList<>();
        try (Reading cut = ask(input)) {
            while (!text(before).equals("one two ")) {
                before.add(cut.next());
            }
        }
        String lastId = before.get(before.size() - 1).id();
        List<Told> after = ask(input, "Last-Event-ID", lastId).rest();
        assertThat(types(after.subList(0, 2))).containsExactly("RUN_STARTED", "TEXT_MESSAGE_START");
        assertThat(after.get(1).event().fields())
                .isEqualTo(before.stream()
                        .filter(told -> told.event().type().equals("TEXT_MESSAGE_START"))
                        .findFirst()
                        .orElseThrow()
                        .event()
                        .fields());
        assertThat(text(before) + text(after)).isEqualTo("one two three four");
        assertThat(types(after)).endsWith("TEXT_MESSAGE_END", "RUN_FINISHED");
    }

    @Test
    void a_run_that_is_cancelled_or_fails_says_so() throws Exception {
        try (Reading reading = ask(input("a4", "a4-run", "m1", "one two", "{\"hang_after_chunks\":1}"))) {
            List<Told> before = new ArrayList<>();
            while (text(before).isEmpty()) {
                before.add(reading.next());
            }
            assertThat(server.post("/v1/runs/a4-run/cancel", "").statusCode()).isEqualTo(202);
            assertThat(last(reading.rest()).fields()).containsEntry("outcome", Map.of("type", "cancelled"));
        }
        List<Told> failed = ask(input("a4", "a4-next", "m2", "one two", "{\"fail_after_chunks\":1}"))
                .rest();
        assertThat(last(failed).fields()).containsEntry("type", "RUN_ERROR").containsEntry("code", "agent_failed");
    }

    @Test
    void a_run_that_the_restart_of_the_server_cut_ends_with_an_error_for_who_comes_back() throws Exception {
        String input = input("t", "cut", "m1", "one two", "{\"hang_after_chunks\":1}");
        String lastId;
        String[] disk = {"HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString(), "HANDFAST_DRAIN_RUNS", "0s"};
        try (TestServer first = TestServer.start(disk)) {
            try (Reading reading = ask(first, input)) {
                Told told = reading.next();
                while (!told.event().type().equals("TEXT_MESSAGE_CONTENT")) {
                    told = reading.next();
                }
                lastId = told.id();
            }
            first.server().drain();
        }
        try (TestServer second = TestServer.start(disk)) {
            List<Told> after = ask(second, input, "Last-Event-ID", lastId).rest();
            assertThat(types(after))
                    .containsExactly("RUN_STARTED", "TEXT_MESSAGE_START", "TEXT_MESSAGE_END", "RUN_ERROR");
            assertThat(last(after).fields()).containsEntry("code", "agent_lost");
        }
    }

    @Test
    void a_run_belongs_to_its_thread_and_a_thread_to_its_user() throws Exception {
        ask(input("a5", "a5-run", "m1", "x", "{}"), "X-Handfast-User", "ann").rest();
        assertThat(refused(input("a5", "a5-more", "m2", "x", "{}"), 403, "X-Handfast-User", "bob")
                        .text("code"))
                .isEqualTo("forbidden");
        assertThat(refused(input("a5-other", "a5-run", "m1", "x", "{}"), 409, "X-Handfast-User", "ann")
                        .text("code"))
                .isEqualTo("run_id_taken");
        assertThat(refused(input("bobs", "a5-run", "m1", "x", "{}"), 409, "X-Handfast-User", "bob")
                        .text("code"))
                .isEqualTo("run_id_taken");
    }

    @Test
    void a_run_and_a_message_stay_with_their_agent() throws Exception {
        ask(input("a7", "a7-run", "m1", "x", "{}")).rest();
        int events = events("a7").size();
        Frame sameRun = refusedBy("docs", input("a7", "a7-run", "m1", "x", "{}"), 409);
        assertThat(sameRun.text("code")).isEqualTo("run_of_another_agent");
        assertThat(sameRun.text("detail")).contains("a7-run is one of agent 'echo'");
        assertThat(refusedBy("docs", input("a7", "a7-other", "m1", "x", "{}"), 409)
                        .text("code"))
                .isEqualTo("run_of_another_agent");
        Frame nobody = refusedBy("nobody", input("a7", "a7-run", "m1", "x", "{}"), 400);
        assertThat(nobody.text("code")).isEqualTo("unknown_agent");
        assertThat(nobody.text("detail")).contains("'nobody' does not exist; there are: docs, echo");
        assertThat(events("a7")).hasSize(events);
    }

    @Test
    void bad_input_is_named() throws Exception {
        assertThat(refused("{\"threadId\":\"a6\"}", 400).fields()).containsEntry("field", "runId");
        assertThat(refused("{\"threadId\":\"a6\",\"runId\":\"r\",\"messages\":[]}", 400)
                        .fields())
                .containsEntry("field", "messages");
        assertThat(refused(
                                "{\"threadId\":\"a6\",\"runId\":\"r\",\"messages\":[{\"id\":\"m\",\"role\":\"user\","
                                        + "\"content\":[{\"type\":\"image\"}]}]}",
                                400)
                        .fields())
                .containsEntry("field", "messages[0].content");
        assertThat(refused(input("a6", "a6-run", "m1", "x", "{}"), 400, "Last-Event-ID", "nonsense")
                        .fields())
                .containsEntry("field", "Last-Event-ID");
        assertThat(server.post("/v1/agui/nobody", input("a6", "a6-run", "m1", "x", "{}"))
                        .body())
                .contains("unknown_agent");
        assertThat(server.get("/v1/threads/a6/events").statusCode()).isEqualTo(404);
    }

    private Frame refused(String input, int status, String... headers) throws Exception {
        return refusedBy("echo", input, status, headers);
    }

    private Frame refusedBy(String agent, String input, int status, String... headers) throws Exception {
        HttpResponse<String> response = server.post("/v1/agui/" + agent, input, headers);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Frame.of(response.body());
    }
}
