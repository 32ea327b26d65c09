package io.handfast.agents.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.FakeUpstream;
import io.handfast.agents.upstream.Question;
import io.handfast.agents.upstream.UpstreamLimits;
import io.handfast.protocol.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
final class ModelAgentTest {
    private static final String DONE = "data: [DONE]\n\n";

    private final EventRecorder events = new EventRecorder();

    /** Tools as an application writes them. */
    public static final class Clock {
        @Tool("Tells the time")
        public String time(@P("the city") String city, @P("hours to add") int shift) {
            return city + " " + (12 + shift);
        }

        @Tool("Opens a drawer")
        public String open(@P("its number") int drawer) {
            if (drawer == 0) {
                throw new IllegalStateException("out of order");
            }
            return "open";
        }
    }

    private static ModelConfig config(URI endpoint) {
        return new ModelConfig(
                "assistant",
                "d",
                URI.create(endpoint + "v1"),
                "test-model",
                "${KEY}",
                "Be brief.",
                0.5,
                100,
                2,
                3,
                UpstreamLimits.DEFAULTS);
    }

    private static ModelAgent agent(FakeUpstream upstream, Object... tools) {
        return ModelAgent.create(config(upstream.uri("/")), Map.of("KEY", "sk-1"), List.of(tools));
    }

    private static String chunk(String delta) {
        return "data: {\"id\":\"x\",\"model\":\"test-model-1\",\"choices\":[{\"index\":0,\"delta\":" + delta
                + "}]}\n\n";
    }

    private static String say(String text) {
        return chunk("{\"content\":\"" + text + "\"}");
    }

    private static String finish(String reason) {
        return "data: {\"id\":\"x\",\"model\":\"test-model-1\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\n";
    }

    private static String usage(int input, int output) {
        return "data: {\"id\":\"x\",\"model\":\"test-model-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":" + input
                + ",\"completion_tokens\":" + output + ",\"total_tokens\":" + (input + output) + "}}\n\n";
    }

    private static String call(String id, String name, String arguments) {
        return chunk(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"" + id + "\",\"type\":\"function\",\"function\":{\"name\":\""
                        + name + "\",\"arguments\":\"" + arguments.replace("\"", "\\\"") + "\"}}]}");
    }

    /** Answers one request after the other with these streams. */
    private static FakeUpstream streaming(String... streams) throws Exception {
        Queue<String> left = new ConcurrentLinkedQueue<>(List.of(streams));
        return FakeUpstream.answering(exchange -> {
            String stream = left.poll();
            exchange.stream().write(stream == null ? "" : stream);
        });
    }

    private static Map<?, ?> json(String text) throws Exception {
        return (Map<?, ?>) requireNonNull(Json.read(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void tokens_and_thinking_stream_and_the_usage_is_told() throws Exception {
        try (FakeUpstream upstream = streaming(chunk("{\"reasoning_content\":\"hm\"}")
                + say("Hel")
                + say("lo")
                + finish("stop")
                + usage(5, 2)
                + DONE)) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .containsExactly("thinking hm", "chunk Hel", "chunk lo", "completed");
            assertThat(events.usage())
                    .isEqualTo(Map.of(
                            "model", "test-model-1", "input_tokens", 5L, "output_tokens", 2L, "total_tokens", 7L));
        }
    }

    @Test
    void the_request_holds_the_prompt_the_latest_history_and_the_key() throws Exception {
        try (FakeUpstream upstream = streaming(say("ok") + finish("stop") + DONE)) {
            events.run(
                    agent(upstream),
                    Question.of("now")
                            .withHistory(
                                    new AgentRequest.Turn(AgentRequest.Role.USER, "1", "too old"),
                                    new AgentRequest.Turn(AgentRequest.Role.AGENT, "2", "a"),
                                    new AgentRequest.Turn(AgentRequest.Role.USER, "3", ""),
                                    new AgentRequest.Turn(AgentRequest.Role.AGENT, "4", "b")));
            FakeUpstream.Request request = upstream.request();
            assertThat(request.line()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
            assertThat(request.headers()).contains(entry("authorization", "Bearer sk-1"));
            Map<?, ?> body = json(request.body());
            assertThat(body.get("model")).isEqualTo("test-model");
            assertThat(body.get("stream")).isEqualTo(true);
            assertThat((List<?>) body.get("messages"))
                    .extracting(
                            message -> ((Map<?, ?>) message).get("role") + ": " + ((Map<?, ?>) message).get("content"))
                    .containsExactly("system: Be brief.", "assistant: a", "assistant: b", "user: now");
        }
    }

    @Test
    void a_round_of_tools_shows_each_call() throws Exception {
        try (FakeUpstream upstream = streaming(
                say("Let me see.")
                        + call("c1", "time", "{\"city\":\"Bonn\",\"shift\":2}")
                        + finish("tool_calls")
                        + usage(10, 5)
                        + DONE,
                say("It is 14.") + finish("stop") + usage(20, 3) + DONE)) {
            assertThat(events.run(agent(upstream, new Clock()), Question.of("time?")))
                    .containsExactly(
                            "chunk Let me see.",
                            "tool c1 time {\"city\":\"Bonn\",\"shift\":2}",
                            "tool c1 OK \"Bonn 14\"",
                            "chunk \n\nIt is 14.",
                            "completed");
            assertThat(events.usage())
                    .isEqualTo(Map.of(
                            "model", "test-model-1", "input_tokens", 30L, "output_tokens", 8L, "total_tokens", 38L));

            Map<?, ?> first = json(upstream.request().body());
            assertThat(first.get("tools")).asString().contains("time", "the city", "open");
            List<?> messages =
                    (List<?>) requireNonNull(json(upstream.request().body()).get("messages"));
            assertThat((Map<?, ?>) messages.get(messages.size() - 1))
                    .isEqualTo(Map.of("role", "tool", "tool_call_id", "c1", "content", "Bonn 14"));
        }
    }

    @Test
    void a_tool_that_fails_or_does_not_exist_is_told_to_the_model() throws Exception {
        try (FakeUpstream upstream = streaming(
                call("c1", "open", "{\"drawer\":0}") + finish("tool_calls") + DONE,
                call("c1", "fly", "no json") + finish("tool_calls") + DONE,
                say("Sorry.") + finish("stop") + DONE)) {
            List<String> lines = events.run(agent(upstream, new Clock()), Question.of("go"));
            assertThat(lines).hasSize(6);
            assertThat(lines.get(1)).startsWith("tool c1 ERROR").contains("out of order");
            assertThat(lines.get(2)).isEqualTo("tool call-1 fly {\"text\":\"no json\"}");
            assertThat(lines.get(3)).contains("There is no tool fly", "time");
            assertThat(lines).endsWith("chunk Sorry.", "completed");
        }
    }

    @Test
    void a_model_that_only_asks_for_tools_is_stopped() throws Exception {
        String again = call("c", "time", "{\"city\":\"x\",\"shift\":0}") + finish("tool_calls") + DONE;
        try (FakeUpstream upstream = streaming(again, again, again, again)) {
            assertThat(events.run(agent(upstream, new Clock()), Question.of("go")))
                    .last()
                    .isEqualTo(
                            "error agent_failed: agent assistant: asked for tools more than 2 times without an answer");
        }
    }

    @Test
    void statuses_of_the_provider_are_told_apart() throws Exception {
        Map<Integer, String> expected = Map.of(
                401, "error upstream_error: agent assistant: its service refused our credential (HTTP 401)",
                429,
                        "error upstream_error retryable: agent assistant: its service takes no more requests just now (HTTP 429)",
                400, "error upstream_error: agent assistant: its service answered HTTP 400",
                500, "error upstream_error retryable: agent assistant: its service answered HTTP 500");
        for (Map.Entry<Integer, String> status : expected.entrySet()) {
            try (FakeUpstream upstream = FakeUpstream.answering(exchange -> exchange.respond(
                    status.getKey(), "application/json", "{\"error\":{\"message\":\"key sk-1 is wrong\"}}"))) {
                assertThat(new EventRecorder().run(agent(upstream), Question.of("hi")))
                        .containsExactly(status.getValue());
            }
        }
    }

    @Test
    void a_cut_stream_is_truncated() throws Exception {
        try (FakeUpstream upstream = streaming(say("half"))) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .containsExactly(
                            "chunk half",
                            "error upstream_truncated retryable: agent assistant: its answer ended before it was complete");
        }
    }

    @Test
    void an_error_in_the_middle_of_a_stream_ends_the_run() throws Exception {
        try (FakeUpstream upstream =
                streaming(say("half") + "data: {\"error\":{\"message\":\"…\",\"type\":\"server_error\"}}\n\n" + DONE)) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .containsExactly(
                            "chunk half",
                            "error upstream_error retryable: agent assistant: its service reported an error: server_error");
        }
    }

    @Test
    void what_is_no_completion_ends_the_run() throws Exception {
        try (FakeUpstream upstream = streaming("data: {\"choices\":\n\n" + finish("stop") + DONE)) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .containsExactly("error upstream_error: agent assistant: its service sent something that is no chat"
                            + " completion");
        }
    }

    @Test
    void a_page_is_not_an_answer() throws Exception {
        try (FakeUpstream upstream =
                FakeUpstream.answering(exchange -> exchange.respond(200, "text/html", "<h1>hi</h1>"))) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .containsExactly("error upstream_error: agent assistant: its service answered with text/html, not"
                            + " text/event-stream");
        }
    }

    @Test
    void a_withheld_and_a_cut_answer_are_told() throws Exception {
        try (FakeUpstream upstream = streaming(say("x") + finish("content_filter") + DONE)) {
            assertThat(events.run(agent(upstream), Question.of("hi")))
                    .last()
                    .isEqualTo(
                            "error upstream_error: agent assistant: its service withheld the answer (content filter)");
        }
        EventRecorder others = new EventRecorder();
        try (FakeUpstream upstream = streaming(say("x") + finish("length") + DONE)) {
            assertThat(others.run(agent(upstream), Question.of("hi")))
                    .containsExactly("chunk x", "custom finish_reason \"length\"", "completed");
        }
    }

    @Test
    void interrupting_the_run_closes_the_request() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.stream().write(say("half"));
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            ModelAgent agent = agent(upstream);
            Thread run = new Thread(() -> events.run(agent, Question.of("hi")));
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
    void interrupting_before_the_first_token_closes_the_request() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            ModelAgent agent = agent(upstream);
            Thread run = new Thread(() -> events.run(agent, Question.of("hi")));
            run.start();
            upstream.request();
            run.interrupt();

            assertThat(closed.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            run.join();
            assertThat(events.last()).isEqualTo("interrupted");
        }
    }

    @Test
    void a_run_that_has_ended_reads_no_further() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
            exchange.stream().write(say("half"));
            exchange.awaitClosedByClient();
            closed.countDown();
        })) {
            AgentRequest question = Question.of("hi");
            AgentEvents ended = new Ended();
            assertThatThrownBy(() -> agent(upstream).run(question, ended))
                    .isInstanceOf(AgentEvents.RunEndedException.class);
            assertThat(closed.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    @Test
    void what_is_no_tool_is_refused() {
        assertThatThrownBy(() -> new ToolBox(List.of("text")))
                .hasMessageContaining("java.lang.String has no public method");
        assertThatThrownBy(() -> new ToolBox(List.of(new Clock(), new Clock())))
                .hasMessageContaining("two tools have the name");
    }

    /** Events of a run that is over. */
    private static final class Ended implements AgentEvents {
        @Override
        public void thinking(String text) {
            throw new RunEndedException("r1");
        }

        @Override
        public void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
            throw new RunEndedException("r1");
        }

        @Override
        public void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result) {
            throw new RunEndedException("r1");
        }

        @Override
        public void chunk(String text) {
            throw new RunEndedException("r1");
        }

        @Override
        public void custom(String name, @Nullable Object value) {
            throw new RunEndedException("r1");
        }

        @Override
        public void usage(Map<String, ?> usage) {
            throw new RunEndedException("r1");
        }
    }
}
