package io.handfast.agents.agui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.handfast.agent.AgentRequest;
import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.FakeUpstream;
import io.handfast.agents.upstream.Question;
import io.handfast.agents.upstream.UpstreamLimits;
import io.handfast.agents.upstream.UpstreamTimeouts;
import io.handfast.agents.upstream.WhenFull;
import io.handfast.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class HttpAgentTest {
    private static final String STARTED =
            "{\"type\":\"RUN_STARTED\",\"threadId\":\"t1\",\"runId\":\"r1\",\"protocolVersion\":\"1.0\"}";
    private static final String FINISHED = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\"}";

    private final EventRecorder events = new EventRecorder();

    private static HttpAgent agent(URI url) {
        return HttpAgent.create(config(url), Map.of());
    }

    private static HttpAgentConfig config(URI url) {
        return HttpAgentConfig.ofDefaults("weather", url);
    }

    private static HttpAgentConfig impatient(URI url, long headMs, long idleMs) {
        UpstreamTimeouts timeouts =
                new UpstreamTimeouts(Duration.ofSeconds(5), Duration.ofMillis(headMs), Duration.ofMillis(idleMs));
        return new HttpAgentConfig("weather", "d", url, Map.of(), UpstreamLimits.DEFAULTS.with(timeouts), 200, 1 << 20);
    }

    private List<String> answer(FakeUpstream.Script script) throws IOException {
        try (FakeUpstream upstream = FakeUpstream.answering(script)) {
            return events.run(agent(upstream.uri("/")), Question.of("hello"));
        }
    }

    private static String delta(String text) {
        return "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"a\",\"delta\":\"" + text + "\"}";
    }

    private static Object json(String text) throws Exception {
        Object value = Json.read(text.getBytes(StandardCharsets.UTF_8));
        if (value == null) {
            throw new AssertionError("null");
        }
        return value;
    }

    @Test
    void a_run_becomes_events() throws Exception {
        List<String> lines = answer(exchange -> exchange.stream()
                .event(STARTED)
                .event("{\"type\":\"STEP_STARTED\",\"stepName\":\"look\"}")
                .event("{\"type\":\"REASONING_MESSAGE_CONTENT\",\"messageId\":\"q\",\"delta\":\"hm\"}")
                .event("{\"type\":\"THINKING_TEXT_MESSAGE_CONTENT\",\"delta\":\"so\"}")
                .event("{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"c1\",\"toolCallName\":\"get\"}")
                .event("{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c1\",\"delta\":\"{\\\"city\\\":\"}")
                .event("{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c1\",\"delta\":\"\\\"Bonn\\\"}\"}")
                .event("{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"c1\"}")
                .event(
                        "{\"type\":\"TOOL_CALL_RESULT\",\"messageId\":\"x\",\"toolCallId\":\"c1\",\"content\":\"sunny\"}")
                .event("{\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"a\",\"role\":\"assistant\"}")
                .event(delta("Sun"))
                .event(delta(""))
                .event(delta("ny."))
                .event("{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"a\"}")
                .event("{\"type\":\"TEXT_MESSAGE_CHUNK\",\"messageId\":\"b\",\"delta\":\"Warm.\"}")
                .event("{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\",\"usage\":"
                        + "[{\"model\":\"m\",\"inputTokens\":3,\"outputTokens\":4}]}"));

        assertThat(lines)
                .containsExactly(
                        "thinking look",
                        "thinking hm",
                        "thinking so",
                        "tool c1 get {\"city\":\"Bonn\"}",
                        "tool c1 OK \"sunny\"",
                        "chunk Sun",
                        "chunk ny.",
                        "chunk \n\nWarm.",
                        "completed");
        assertThat(events.usage()).isEqualTo(Map.of("model", "m", "input_tokens", 3L, "output_tokens", 4L));
    }

    @Test
    void unknown_events_and_state_are_passed_on_untouched() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .event("{\"type\":\"FROM_1_7\",\"n\":1.10,\"big\":12345678901234567890}")
                        .event("{\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"a\":null}}")
                        .event("{\"type\":\"CUSTOM\",\"name\":\"progress\",\"value\":0.5}")
                        .event(FINISHED)))
                .containsExactly(
                        "custom FROM_1_7 {\"type\":\"FROM_1_7\",\"n\":1.10,\"big\":12345678901234567890}",
                        "custom STATE_SNAPSHOT {\"type\":\"STATE_SNAPSHOT\",\"snapshot\":{\"a\":null}}",
                        "custom progress 0.5",
                        "completed");
    }

    @Test
    void the_request_is_a_run_agent_input_of_1_0() throws Exception {
        try (FakeUpstream upstream =
                FakeUpstream.answering(exchange -> exchange.stream().event(FINISHED))) {
            events.run(
                    agent(upstream.uri("/agents/a?x=1")),
                    Question.of("and now?")
                            .withHistory(
                                    new AgentRequest.Turn(AgentRequest.Role.USER, "m0", "hi"),
                                    new AgentRequest.Turn(AgentRequest.Role.AGENT, "r0", "hello"))
                            .withOptions(Map.of("temperature", 1L, "tools", List.of(Map.of("name", "pick"))))
                            .withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
            FakeUpstream.Request request = upstream.request();

            assertThat(request.line()).isEqualTo("POST /agents/a?x=1 HTTP/1.1");
            assertThat(request.headers())
                    .contains(
                            entry("accept", "text/event-stream"),
                            entry("content-type", "application/json"),
                            entry("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
            assertThat(json(request.body()))
                    .isEqualTo(json("{\"threadId\":\"t1\",\"runId\":\"r1\",\"protocolVersion\":\"1.0\",\"messages\":["
                            + "{\"id\":\"m0\",\"role\":\"user\",\"content\":\"hi\"},"
                            + "{\"id\":\"r0\",\"role\":\"assistant\",\"content\":\"hello\"},"
                            + "{\"id\":\"m1\",\"role\":\"user\",\"content\":\"and now?\"}],"
                            + "\"tools\":[{\"name\":\"pick\"}],\"context\":[],\"state\":{},"
                            + "\"forwardedProps\":{\"temperature\":1}}"));
        }
    }

    @Test
    void headers_take_their_secrets_from_the_environment() throws Exception {
        try (FakeUpstream upstream =
                FakeUpstream.answering(exchange -> exchange.stream().event(FINISHED))) {
            HttpAgentConfig config = new HttpAgentConfig(
                    "weather",
                    "d",
                    upstream.uri("/"),
                    Map.of("Authorization", "Bearer ${TOKEN}"),
                    UpstreamLimits.DEFAULTS,
                    0,
                    1 << 20);
            assertThatThrownBy(() -> HttpAgent.create(config, Map.of()))
                    .hasMessage("agent weather: header Authorization refers to the environment variable TOKEN, which is"
                            + " not set");

            events.run(HttpAgent.create(config, Map.of("TOKEN", "s$1")), Question.of("hello"));
            assertThat(upstream.request().headers()).contains(entry("authorization", "Bearer s$1"));
        }
    }

    @Test
    void a_stream_without_an_end_is_truncated() throws Exception {
        assertThat(answer(exchange -> exchange.stream().event(STARTED).event(delta("half"))))
                .containsExactly(
                        "chunk half",
                        "error upstream_truncated retryable: agent weather: its answer ended before it was complete");
    }

    @Test
    void an_event_cut_in_the_middle_is_truncated_not_malformed() throws Exception {
        assertThat(answer(exchange ->
                        exchange.stream().write("data: " + delta("half").substring(0, 30))))
                .singleElement()
                .asString()
                .startsWith("error upstream_truncated");
    }

    @Test
    void the_last_event_may_lack_its_blank_line() throws Exception {
        assertThat(answer(exchange -> exchange.stream().write("data: " + FINISHED)))
                .containsExactly("completed");
    }

    @Test
    void a_reset_in_the_middle_is_truncated() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 100000\r\n\r\n");
            exchange.event(delta("half"));
            if (seen.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                exchange.reset();
            }
        })) {
            Thread releases = new Thread(() -> {
                try {
                    events.awaitFirst();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                seen.countDown();
            });
            releases.start();
            assertThat(events.run(agent(upstream.uri("/")), Question.of("hello")))
                    .containsExactly(
                            "chunk half",
                            "error upstream_truncated retryable: agent weather: its service broke off in the middle of"
                                    + " the answer");
            releases.join();
        }
    }

    @Test
    void a_500_after_half_a_stream_is_truncated() throws Exception {
        assertThat(answer(exchange -> {
                    exchange.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                    String event = "data: " + delta("half") + "\n\n";
                    exchange.write(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
                    exchange.respond(500, "text/plain", "boom");
                }))
                .last()
                .asString()
                .startsWith("error upstream_truncated");
    }

    @Test
    void statuses_are_told_apart() throws Exception {
        Map<Integer, String> expected = Map.of(
                401, "error upstream_error: agent weather: its service refused our credential (HTTP 401)",
                404, "error upstream_error: agent weather: its service answered HTTP 404",
                429,
                        "error upstream_error retryable: agent weather: its service takes no more requests just now (HTTP 429)",
                503, "error upstream_error retryable: agent weather: its service answered HTTP 503",
                302,
                        "error upstream_error: agent weather: its service answered with a redirect (HTTP 302), which is not followed");
        for (Map.Entry<Integer, String> status : expected.entrySet()) {
            try (FakeUpstream upstream = FakeUpstream.answering(
                    exchange -> exchange.respond(status.getKey(), "text/html", "<p>secret internals</p>"))) {
                assertThat(new EventRecorder().run(agent(upstream.uri("/")), Question.of("hello")))
                        .containsExactly(status.getValue());
            }
        }
    }

    @Test
    void a_page_is_not_an_answer() throws Exception {
        assertThat(answer(exchange -> exchange.respond(200, "text/html; charset=utf-8", "<h1>Log in</h1>")))
                .containsExactly(
                        "error upstream_error: agent weather: its service answered with text/html, not text/event-stream");
    }

    @Test
    void a_refused_connection_is_retryable() throws Exception {
        // A port that is taken, so that nobody else gets it, and at which nobody listens.
        try (Socket silent = new Socket()) {
            silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
            assertThat(events.run(agent(url), Question.of("hello")))
                    .containsExactly(
                            "error upstream_error retryable: agent weather: its service cannot be reached: connection refused");
        }
    }

    @Test
    void plain_http_behind_https_is_a_tls_error() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.saying("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")) {
            URI url = URI.create(upstream.uri("/").toString().replace("http:", "https:"));
            assertThat(events.run(agent(url), Question.of("hello")))
                    .singleElement()
                    .asString()
                    .startsWith("error upstream_error: agent weather: no secure connection to its service: ");
        }
    }

    @Test
    void a_head_that_dribbles_does_not_hold_a_run_for_ever() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Ty");
            exchange.awaitClosedByClient();
        })) {
            assertThat(events.run(
                            HttpAgent.create(impatient(upstream.uri("/"), 200, 5000), Map.of()), Question.of("hello")))
                    .containsExactly(
                            "error upstream_error retryable: agent weather: its service did not answer within 0.200 s");
        }
    }

    @Test
    void a_stall_ends_the_run() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: " + delta("half") + "\n\n");
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            List<String> lines = events.run(
                    HttpAgent.create(impatient(upstream.uri("/"), 60_000, 200), Map.of()), Question.of("hello"));
            assertThat(lines)
                    .last()
                    .isEqualTo(
                            "error upstream_error retryable: agent weather: its service sent nothing within 0.200 s");
            // on a machine that has no time for us the half itself may come too late
            assertThat(lines.subList(0, lines.size() - 1)).isSubsetOf("chunk half");
            assertThat(closed.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void interrupting_the_run_closes_the_request() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.stream().event(delta("half"));
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            HttpAgent agent = agent(upstream.uri("/"));
            Thread run = new Thread(() -> events.run(agent, Question.of("hello")));
            run.start();
            events.awaitFirst();
            run.interrupt();

            assertThat(closed.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            run.join();
            assertThat(events.last()).isEqualTo("interrupted");
        }
    }

    @Test
    void interrupting_before_the_head_closes_the_request() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            HttpAgent agent = agent(upstream.uri("/"));
            Thread run = new Thread(() -> events.run(agent, Question.of("hello")));
            run.start();
            upstream.request();
            run.interrupt();

            assertThat(closed.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            run.join();
        }
    }

    @Test
    void a_huge_event_is_refused_and_a_large_one_is_not() throws Exception {
        String large = "x".repeat(700_000);
        assertThat(answer(exchange -> exchange.stream().event(delta(large)).event(FINISHED)))
                .last()
                .isEqualTo("completed");
        assertThat(events.answer()).isEqualTo(large);

        EventRecorder others = new EventRecorder();
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.stream();
            byte[] more = "data:".concat("y".repeat(1 << 16)).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 1000; i++) {
                exchange.write(more);
            }
        })) {
            assertThat(others.run(agent(upstream.uri("/")), Question.of("hello")))
                    .containsExactly("error upstream_error: agent weather: its service sent an event of more than"
                            + " 1048576 bytes");
        }
    }

    @Test
    void characters_comments_and_line_ends_may_be_cut_anywhere() throws Exception {
        byte[] stream = ("\uFEFF: hello\r\n\r\ndata: " + STARTED + "\r\n\r\n: ping\n\ndata: " + delta("grüße 👋🏽")
                        + "\r\rdata: " + FINISHED + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(answer(exchange -> {
                    exchange.stream();
                    for (byte one : stream) {
                        exchange.write(new byte[] {one});
                    }
                }))
                .containsExactly("chunk grüße 👋🏽", "completed");
    }

    @Test
    void malformed_known_events_end_the_run_with_a_clear_error() throws Exception {
        Map<String, String> expected = Map.of(
                "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"a\",\"delta\":7}",
                "TEXT_MESSAGE_CONTENT with a malformed delta: must be a string",
                "{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"c\"}",
                "TOOL_CALL_START without toolCallName: must be a string",
                "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"c\",\"delta\":\"\"}",
                "TOOL_CALL_ARGS for a toolCallId that is not open",
                "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\",\"outcome\":{\"type\":\"interrupt\"}}",
                "RUN_FINISHED with outcome interrupt must have interrupts, at least one",
                "[1]",
                "an event that is not a JSON object",
                "{\"type\":",
                "an event that is not JSON",
                "{\"delta\":\"x\"}",
                "an event without a type: must be a string");
        for (Map.Entry<String, String> malformed : expected.entrySet()) {
            try (FakeUpstream upstream = FakeUpstream.answering(
                    exchange -> exchange.stream().event(malformed.getKey()).event(FINISHED))) {
                assertThat(new EventRecorder().run(agent(upstream.uri("/")), Question.of("hello")))
                        .containsExactly(
                                "error upstream_error: agent weather: its service sent " + malformed.getValue());
            }
        }
    }

    @Test
    void bytes_that_are_not_utf8_end_the_run() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .write("data: {\"type\":\"X\",\"a\":\"")
                        .write(new byte[] {(byte) 0xC3, 0x28})
                        .write("\"}\n\n")))
                .containsExactly("error upstream_error: agent weather: its service sent an event that is not UTF-8");
    }

    @Test
    void an_error_of_the_agent_is_told() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .event(STARTED)
                        .event("{\"type\":\"RUN_ERROR\",\"message\":\"no tokens left\",\"code\":\"quota\"}")))
                .containsExactly("error upstream_error: agent weather: no tokens left");
    }

    @Test
    void a_run_cancelled_upstream_is_no_success() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .event("{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\",\"outcome\":"
                                + "{\"type\":\"cancelled\"}}")))
                .containsExactly("cancelled by agent");
    }

    @Test
    void an_interrupt_completes_with_pending_and_the_next_message_resumes_it() throws Exception {
        assertThat(
                        answer(
                                exchange -> exchange.stream()
                                        .event(
                                                "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t1\",\"runId\":\"r1\",\"outcome\":"
                                                        + "{\"type\":\"interrupt\",\"interrupts\":[{\"id\":\"i1\",\"reason\":\"approval\"}]}}")))
                .containsExactly("completed");
        List<? extends Map<String, ?>> pending = events.pending();
        assertThat(pending)
                .isEqualTo(List.of(Map.of("kind", "interrupt", "interrupt", Map.of("id", "i1", "reason", "approval"))));

        try (FakeUpstream upstream =
                FakeUpstream.answering(exchange -> exchange.stream().event(FINISHED))) {
            new EventRecorder()
                    .run(
                            agent(upstream.uri("/")),
                            Question.of("yes")
                                    .withPending(
                                            List.of(Map.of("kind", "interrupt", "interrupt", Map.of("id", "i1")))));
            assertThat(json(upstream.request().body()))
                    .extracting("resume")
                    .isEqualTo(List.of(Map.of("interruptId", "i1", "status", "resolved", "payload", "yes")));
        }
    }

    @Test
    void a_pending_tool_call_is_answered_by_the_next_message() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .event(STARTED)
                        .event("{\"type\":\"TOOL_CALL_CHUNK\",\"toolCallId\":\"c1\",\"toolCallName\":\"pick\","
                                + "\"delta\":\"{}\"}")
                        .event(FINISHED)))
                .containsExactly("tool c1 pick {}", "completed");
        Map<String, Object> call =
                Map.of("kind", "tool_call", "tool_call_id", "c1", "tool_name", "pick", "arguments", Map.of());
        assertThat(events.pending()).isEqualTo(List.of(call));

        try (FakeUpstream upstream =
                FakeUpstream.answering(exchange -> exchange.stream().event(FINISHED))) {
            new EventRecorder()
                    .run(
                            agent(upstream.uri("/")),
                            Question.of("")
                                    .withPending(List.of(call))
                                    .withOptions(Map.of("tool_results", Map.of("c1", Map.of("n", 1L)))));
            assertThat(json(upstream.request().body()))
                    .extracting("messages")
                    .isEqualTo(
                            json(
                                    "[{\"id\":\"m1:calls\",\"role\":\"assistant\",\"toolCalls\":[{\"id\":\"c1\","
                                            + "\"type\":\"function\",\"function\":{\"name\":\"pick\",\"arguments\":\"{}\"}}]},"
                                            + "{\"id\":\"m1:c1\",\"role\":\"tool\",\"toolCallId\":\"c1\",\"content\":\"{\\\"n\\\":1}\"}]"));
        }
    }

    @Test
    void ids_that_ours_do_not_allow_are_replaced() throws Exception {
        assertThat(answer(exchange -> exchange.stream()
                        .event("{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"a b\",\"toolCallName\":\"get\"}")
                        .event("{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"a b\",\"delta\":\"no json\"}")
                        .event("{\"type\":\"TOOL_CALL_RESULT\",\"messageId\":\"x\",\"toolCallId\":\"a b\","
                                + "\"content\":\"1\"}")
                        .event("{\"type\":\"TOOL_CALL_RESULT\",\"messageId\":\"x\",\"toolCallId\":\"z\","
                                + "\"content\":\"2\"}")
                        .event(FINISHED)))
                .containsExactly(
                        "tool call-1 get {\"text\":\"no json\"}",
                        "tool call-1 OK \"1\"",
                        "custom TOOL_CALL_RESULT {\"type\":\"TOOL_CALL_RESULT\",\"messageId\":\"x\","
                                + "\"toolCallId\":\"z\",\"content\":\"2\"}",
                        "completed");
    }

    @Test
    void beyond_its_runs_an_agent_refuses_or_waits() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.stream().event(delta("on"));
            if (release.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                exchange.event(FINISHED);
            }
        })) {
            HttpAgentConfig one = new HttpAgentConfig(
                    "weather",
                    "d",
                    upstream.uri("/"),
                    Map.of(),
                    new UpstreamLimits(null, UpstreamTimeouts.DEFAULTS, 1, WhenFull.REFUSE),
                    0,
                    1 << 20);
            HttpAgent agent = HttpAgent.create(one, Map.of());
            Thread first = new Thread(() -> events.run(agent, Question.of("hello")));
            first.start();
            events.awaitFirst();
            assertThat(new EventRecorder().run(agent, Question.of("hello")))
                    .containsExactly("error agent_failed retryable: agent weather: busy with 1 runs");

            release.countDown();
            first.join();
            assertThat(new EventRecorder().run(agent, Question.of("hello"))).containsExactly("chunk on", "completed");
        }
    }
}
