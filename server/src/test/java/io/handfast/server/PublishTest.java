package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Runs fed from outside, at the running server (spec/protocol.md, "HTTP"; docs/publish.md). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String STARTED = "{\"type\":\"agent_started\"}";
    private static final String COMPLETED = "{\"type\":\"agent_completed\",\"payload\":{\"text\":\"hi\"}}";

    @TempDir
    private Path data;

    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static String chunk(String text) {
        return "{\"type\":\"agent_response_chunk\",\"payload\":{\"text\":\"" + text + "\"}}";
    }

    private HttpResponse<String> open(String threadId, String runId, String more, String... headers) throws Exception {
        return server.post(
                "/v1/threads/" + threadId + "/runs",
                "{\"run_id\":\"" + runId + "\",\"agent\":\"bot\"" + more + "}",
                headers);
    }

    private HttpResponse<String> publish(String runId, long producerSeq, String... events) throws Exception {
        return server.post("/v1/runs/" + runId + "/events", batch(producerSeq, events));
    }

    private static String batch(long producerSeq, String... events) {
        return "{\"producer_seq\":" + producerSeq + ",\"events\":[" + String.join(",", events) + "]}";
    }

    private static Frame refused(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        return Frame.of(response.body());
    }

    private static Frame taken(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        return Frame.of(response.body());
    }

    private List<Frame> events(String threadId) throws Exception {
        return events(server, threadId);
    }

    @SuppressWarnings("unchecked") // events are objects
    private static List<Frame> events(TestServer server, String threadId) throws Exception {
        Frame page = Frame.of(server.get("/v1/threads/" + threadId + "/events").body());
        List<Map<String, Object>> events =
                (List<Map<String, Object>>) Objects.requireNonNull(page.fields().get("events"));
        return events.stream().map(Frame::new).toList();
    }

    private static Stream<String> types(List<Frame> events) {
        return events.stream().map(Frame::type);
    }

    @Test
    void a_run_fed_from_outside_reaches_a_reader_like_any_other() throws Exception {
        try (TestClient client = server.connect("thread_id=p1")) {
            client.await("subscribed");
            assertThat(Frame.of(open("p1", "p1-run", "").body()).fields())
                    .containsEntry("run_id", "p1-run")
                    .containsEntry("thread_id", "p1");
            assertThat(taken(publish("p1-run", 1, STARTED, chunk("hi"))).seq()).isEqualTo(2);
            assertThat(taken(publish("p1-run", 3, COMPLETED)).seq()).isEqualTo(3);

            Frame completed = client.await("agent_completed");

            assertThat(completed.text("run_id")).isEqualTo("p1-run");
            assertThat(completed.payload().fields()).containsKey("duration_ms");
            assertThat(types(client.events()))
                    .containsExactly("agent_started", "agent_response_chunk", "agent_completed");
            assertThat(client.events().get(0).payload().fields()).containsEntry("agent", "bot");
        }
    }

    @Test
    void a_repeat_is_acknowledged_and_a_hole_or_broken_order_is_409() throws Exception {
        assertThat(open("p2", "p2-run", "").statusCode()).isEqualTo(201);
        assertThat(open("p2", "p2-run", "").statusCode()).isEqualTo(201);
        assertThat(refused(open("p2-other", "p2-run", ""), 409).text("code")).isEqualTo("run_id_taken");
        assertThat(server.get("/v1/threads/p2-other/events").statusCode()).isEqualTo(404);
        assertThat(refused(publish("p2-run", 2, chunk("a")), 409).fields()).containsEntry("expected_producer_seq", 1L);
        assertThat(refused(publish("p2-run", 1, chunk("a")), 409).text("code")).isEqualTo("run_order");
        taken(publish("p2-run", 1, STARTED, chunk("a")));
        assertThat(refused(publish("p2-run", 3, chunk("b"), STARTED), 409).text("detail"))
                .contains("agent_started");
        assertThat(taken(publish("p2-run", 1, STARTED, chunk("a"))).seq()).isEqualTo(2);
        taken(publish("p2-run", 2, chunk("a"), chunk("b"), COMPLETED));
        assertThat(taken(publish("p2-run", 4, COMPLETED)).fields()).containsEntry("seq", 4L);
        assertThat(refused(publish("p2-run", 5, chunk("late")), 409).text("code"))
                .isEqualTo("run_ended");
        assertThat(types(events("p2")))
                .containsExactly("agent_started", "agent_response_chunk", "agent_response_chunk", "agent_completed");
        String metrics = server.get("/metrics").body();
        assertThat(metrics)
                .contains(
                        "handfast_runs_started_total{agent=\"(outside)\"}",
                        "handfast_runs_late_events_total{agent=\"(outside)\"}",
                        "handfast_runs_ended_seconds_count{agent=\"(outside)\",ending=\"agent_completed\"}");
        assertThat(metrics).as("a producer names its agent as it likes").doesNotContain("agent=\"bot\"");
    }

    @Test
    void a_terminal_event_closes_open_tool_calls_and_cancel_ends_such_a_run() throws Exception {
        open("p3", "p3-run", "");
        taken(publish(
                "p3-run",
                1,
                STARTED,
                "{\"type\":\"tool_executing\",\"payload\":{\"tool_call_id\":\"c\",\"tool_name\":\"t\"}}",
                COMPLETED));
        List<Frame> events = events("p3");
        assertThat(events.get(2).payload().fields()).containsEntry("status", "aborted");

        open("p3", "p3-next", "");
        taken(publish("p3-next", 1, STARTED));
        assertThat(server.post("/v1/runs/p3-next/cancel", "").statusCode()).isEqualTo(202);
        assertThat(refused(publish("p3-next", 2, chunk("a")), 409).text("code")).isEqualTo("run_ended");
        assertThat(types(events("p3")))
                .endsWith("agent_started", "agent_cancelled")
                .hasSize(6);
    }

    @Test
    void bad_input_is_named() throws Exception {
        open("p4", "p4-run", "");
        assertThat(refused(server.post("/v1/threads/p4/runs", "{}"), 400).fields())
                .containsEntry("field", "agent");
        assertThat(refused(open("p4", "x", ",\"idle_deadline_ms\":0"), 400).fields())
                .containsEntry("field", "idle_deadline_ms");
        assertThat(refused(open("p4", "x", ",\"user_id\":\" \""), 400).fields()).containsEntry("field", "user_id");
        assertThat(refused(server.post("/v1/runs/p4-run/events", "{\"producer_seq\":1}"), 400)
                        .fields())
                .containsEntry("field", "events");
        assertThat(refused(publish("p4-run", 0, STARTED), 400).fields()).containsEntry("field", "producer_seq");
        assertThat(refused(publish("p4-run", 1, STARTED, "{\"type\":\"agent_shouted\"}"), 400)
                        .fields())
                .containsEntry("field", "events[1].type");
        assertThat(refused(publish("p4-run", 1, "{\"type\":\"agent_thinking\",\"payload\":{}}"), 400)
                        .fields())
                .containsEntry("field", "events[0].payload.text");
        for (String pending : new String[] {"7", "{}", "[7]", "[{}]", "[{\"kind\":7}]"}) {
            String completed = "{\"type\":\"agent_completed\",\"payload\":{\"text\":\"\",\"pending\":" + pending + "}}";
            Frame named = refused(publish("p4-run", 1, STARTED, completed), 400);
            assertThat(named.fields()).as(pending).containsEntry("field", "events[1].payload.pending");
            assertThat(named.text("detail")).contains("array of objects, each with a string \"kind\"");
        }
        assertThat(refused(publish("p4-run", 1, "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\"}"), 400)
                        .text("detail"))
                .contains("events[0]")
                .contains("delta");
        assertThat(refused(publish("p4-run", 1, STARTED, "{\"type\":\"RUN_STARTED\"}"), 400)
                        .text("detail"))
                .contains("one kind");
        assertThat(refused(publish("nobody", 1, STARTED), 404).text("code")).isEqualTo("run_not_found");
    }

    @Test
    void a_thread_belongs_to_whom_the_run_is_for() throws Exception {
        String[] bob = {"X-Handfast-User", "bob"};
        assertThat(open("p5", "p5-run", ",\"user_id\":\"ann\"", bob).statusCode())
                .isEqualTo(201);
        assertThat(server.get("/v1/threads/p5/events", "X-Handfast-User", "ann").statusCode())
                .isEqualTo(200);
        assertThat(server.get("/v1/threads/p5/events", bob).statusCode()).isEqualTo(403);
        assertThat(open("p5", "p5-other", "", bob).statusCode()).isEqualTo(403);
        assertThat(open("p5", "p5-other", ",\"user_id\":\"eve\"", bob).statusCode())
                .isEqualTo(403);
        // Bob opened it, ann owns the thread, eve has nothing to do with it.
        String batch = batch(1, STARTED);
        assertThat(server.post("/v1/runs/p5-run/events", batch, "X-Handfast-User", "eve")
                        .statusCode())
                .isEqualTo(403);
        taken(server.post("/v1/runs/p5-run/events", batch, bob));
        taken(server.post("/v1/runs/p5-run/events", batch(2, COMPLETED), "X-Handfast-User", "ann"));
    }

    @Test
    void the_scope_publish_is_needed_and_is_enough() throws Exception {
        try (TestServer strict = TestServer.start("HANDFAST_ENV", "staging", "HANDFAST_AUTH_JWT_SECRET", SECRET)) {
            String[] ann = bearer("ann", "chat");
            String[] service = bearer("svc", "publish");
            String open = "{\"run_id\":\"r\",\"agent\":\"bot\"}";
            assertThat(strict.post("/v1/threads/t/runs", open, ann).statusCode())
                    .isEqualTo(403);
            assertThat(strict.get("/v1/threads/t/events", service).statusCode()).isEqualTo(403);
            try (TestClient client =
                    TestClient.connect(strict.socketUri("thread_id=t"), Map.of("Authorization", ann[1]))) {
                client.await("subscribed");
                // A service that may only publish acts for the owner of the thread.
                assertThat(strict.post("/v1/threads/t/runs", open, service).statusCode())
                        .isEqualTo(201);
                taken(strict.post("/v1/runs/r/events", batch(1, STARTED, COMPLETED), service));
                client.await("agent_completed");
            }
            assertThat(TestClient.refusal(strict.socketUri(""), Map.of("Authorization", service[1])))
                    .isEqualTo(403);
        }
    }

    @Test
    void events_of_agui_are_published_as_they_are_and_a_repeat_adds_nothing() throws Exception {
        open("p6", "p6-run", "");
        String[] first = {
            "{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\"}",
            "{\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"m\",\"role\":\"assistant\"}",
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"to \"}",
            "{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"c\",\"toolCallName\":\"look\"}",
            "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c\",\"delta\":\"{\\\"a\\\":\"}"
        };
        assertThat(taken(publish("p6-run", 1, first)).fields())
                .containsEntry("seq", 2L)
                .containsEntry("expected_producer_seq", 6L);
        assertThat(taken(publish("p6-run", 1, first)).seq()).isEqualTo(2);
        taken(publish(
                "p6-run",
                5,
                first[4],
                "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c\",\"delta\":\"1}\"}",
                "{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"c\"}",
                "{\"type\":\"TOOL_CALL_RESULT\",\"messageId\":\"x\",\"toolCallId\":\"c\",\"content\":\"ok\"}",
                "{\"type\":\"MY_OWN\",\"n\":1}"));
        assertThat(refused(publish("p6-run", 10, "{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"c\"}"), 409)
                        .text("detail"))
                .contains("events[0]");
        String[] last = {
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"be\"}",
            "{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"m\"}",
            "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\"}"
        };
        taken(publish("p6-run", 10, last));
        taken(publish("p6-run", 10, last));

        List<Frame> events = events("p6");

        assertThat(types(events))
                .containsExactly(
                        "agent_started",
                        "agent_response_chunk",
                        "tool_executing",
                        "tool_completed",
                        "custom",
                        "agent_response_chunk",
                        "agent_completed");
        assertThat(events.get(2).payload().fields()).containsEntry("arguments", Map.of("a", 1L));
        assertThat(events.get(3).payload().fields()).containsEntry("tool_name", "look");
        assertThat(events.get(6).payload().text("text")).isEqualTo("to be");
    }

    @Test
    void an_answer_in_agui_is_shown_up_to_its_bound_and_ends_with_an_error_there() throws Exception {
        open("p7", "p7-run", "");
        String half =
                "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"" + "x".repeat(600_000) + "\"}";
        String finished = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\"}";
        taken(publish("p7-run", 1, half));
        assertThat(taken(publish("p7-run", 2, half, finished)).fields()).containsEntry("expected_producer_seq", 4L);
        assertThat(taken(publish("p7-run", 2, half, finished)).fields()).containsEntry("expected_producer_seq", 4L);
        assertThat(refused(publish("p7-run", 4, half), 409).text("code")).isEqualTo("run_ended");

        List<Frame> events = events("p7");

        assertThat(events.stream()
                        .filter(event -> event.type().equals("agent_response_chunk"))
                        .mapToInt(event -> event.payload().text("text").length())
                        .sum())
                .isBetween(600_000, 1 << 20);
        Frame last = events.get(events.size() - 1);
        assertThat(last.type()).isEqualTo("agent_error");
        assertThat(last.payload().text("message")).isEqualTo("an answer may have at most 1048576 characters");
    }

    @Test
    void runs_of_many_agents_outside_are_one_series_of_the_metrics() throws Exception {
        for (int i = 0; i < 20; i++) {
            String opened = "{\"run_id\":\"p8-run" + i + "\",\"agent\":\"p8-bot" + i + "\"}";
            assertThat(server.post("/v1/threads/p8/runs", opened).statusCode()).isEqualTo(201);
            taken(publish("p8-run" + i, 1, STARTED, COMPLETED));
            assertThat(refused(publish("p8-run" + i, 3, chunk("late")), 409).text("code"))
                    .isEqualTo("run_ended");
        }
        String metrics = server.get("/metrics").body();
        assertThat(metrics).doesNotContain("p8-bot");
        for (String name : List.of("handfast_runs_started_total", "handfast_runs_late_events_total")) {
            assertThat(metrics.lines().filter(line -> line.startsWith(name + "{")))
                    .as(name)
                    .singleElement()
                    .asString()
                    .startsWith(name + "{agent=\"(outside)\"} ");
        }
    }

    @Test
    void a_run_goes_on_over_a_restart_where_its_producer_was_and_a_silent_one_is_closed() throws Exception {
        String[] agui = {
            "{\"type\":\"RUN_STARTED\",\"threadId\":\"t\",\"runId\":\"r\"}",
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"to \"}",
            "{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"c\",\"toolCallName\":\"look\"}",
            "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c\",\"delta\":\"{\\\"a\\\":1\"}"
        };
        try (TestServer first = onDisk()) {
            first.post("/v1/threads/t/runs", "{\"run_id\":\"r\",\"agent\":\"bot\"}");
            taken(first.post("/v1/runs/r/events", batch(1, agui)));
            first.post("/v1/threads/t/runs", "{\"run_id\":\"silent\",\"agent\":\"bot\",\"idle_deadline_ms\":1500}");
            first.server().drain();
        }
        try (TestServer second = onDisk()) {
            taken(second.post("/v1/runs/r/events", batch(1, agui)));
            assertThat(refused(second.post("/v1/runs/r/events", batch(6, agui[0])), 409)
                            .fields())
                    .containsEntry("expected_producer_seq", 5L);
            taken(second.post(
                    "/v1/runs/r/events",
                    batch(
                            5,
                            "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c\",\"delta\":\"}\"}",
                            "{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"c\"}",
                            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"be\"}",
                            "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\"}")));
            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(types(events(second, "t"))).contains("agent_error"));
            List<Frame> events = events(second, "t");
            assertThat(events.stream()
                            .filter(event -> event.text("run_id").equals("r"))
                            .map(Frame::type))
                    .containsExactly(
                            "agent_started",
                            "agent_response_chunk",
                            "tool_executing",
                            "agent_response_chunk",
                            "tool_completed",
                            "agent_completed");
            Frame lost = events.stream()
                    .filter(event -> event.type().equals("agent_error"))
                    .findFirst()
                    .orElseThrow();
            assertThat(lost.text("run_id")).isEqualTo("silent");
            assertThat(lost.payload().text("code")).isEqualTo("deadline_exceeded");
        }
    }

    private TestServer onDisk() throws Exception {
        return TestServer.start("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString());
    }

    @Test
    void the_example_for_curl_runs_as_it_stands() throws Exception {
        Process curl = new ProcessBuilder(
                        Path.of("..", "examples", "curl-publish.sh").toString(), server.url())
                .redirectErrorStream(true)
                .start();
        String output = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(output).isZero();
        List<String> lines = output.lines().toList();
        assertThat(Frame.of(lines.get(lines.size() - 1)).fields()).containsEntry("head_seq", 7L);
        assertThat(output).contains("\"text\":\"Clear skies.\"").contains("\"tool_name\":\"forecast\",\"duration_ms\"");
    }

    private static String[] bearer(String user, String scope) throws Exception {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(user)
                        .claim("scope", scope)
                        .expirationTime(Date.from(Instant.now().plusSeconds(60)))
                        .build());
        jwt.sign(new MACSigner(SECRET));
        return new String[] {"Authorization", "Bearer " + jwt.serialize()};
    }
}
