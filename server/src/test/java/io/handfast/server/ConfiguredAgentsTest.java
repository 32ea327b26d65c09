package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.agents.model.ToolSet;
import io.handfast.agents.plugin.PluginJar;
import io.handfast.agents.upstream.FakeUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Agents that are there by configuration alone, asked over the running server. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ConfiguredAgentsTest {
    private static final String CHUNK =
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"a\",\"delta\":\"It rains.\"}";
    private static final String FINISHED = "{\"type\":\"RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r\"}";

    @TempDir
    private Path directory;

    @Test
    void an_agent_behind_http_is_the_default_and_gets_its_secret() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.answering(
                        exchange -> exchange.stream().event(CHUNK).event(FINISHED));
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_WEATHER_URL", upstream.uri("/run").toString(),
                        "HANDFAST_AGENTS_WEATHER_HEADERS_AUTHORIZATION", "Bearer ${WEATHER_TOKEN}",
                        "WEATHER_TOKEN", "w-1");
                TestClient client = server.connect("thread_id=t")) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "And today?");
            assertThat(client.await("agent_started").payload().text("agent")).isEqualTo("weather");
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("It rains.");

            FakeUpstream.Request request = upstream.request();
            assertThat(request.line()).startsWith("POST /run ");
            assertThat(request.headers()).containsEntry("authorization", "Bearer w-1");
            assertThat(request.body()).contains("\"content\":\"And today?\"");
            Frame agents = Frame.of(server.get("/v1/agents").body());
            assertThat(agents.text("default")).isEqualTo("weather");
            assertThat(agents.fields().get("agents"))
                    .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                    .startsWith(Map.of("name", "weather", "description", "The agent weather."))
                    .extracting(agent -> agent.get("name"))
                    .containsExactly("weather", "docs", "echo");
        }
    }

    @Test
    void the_trace_of_a_request_goes_on_to_the_agent() throws Exception {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        String other = "00-11111111111111111111111111111111-2222222222222222-00";
        try (FakeUpstream upstream = FakeUpstream.answering(
                        exchange -> exchange.stream().event(CHUNK).event(FINISHED));
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_WEATHER_URL", upstream.uri("/").toString());
                TestClient client = TestClient.connect(server.socketUri("thread_id=t"), Map.of("traceparent", trace))) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "And today?");
            assertThat(upstream.request().headers()).containsEntry("traceparent", trace);

            server.post("/v1/threads/t/messages", "{\"message_id\":\"m2\",\"text\":\"x\"}", "traceparent", other);
            assertThat(upstream.request().headers()).containsEntry("traceparent", other);

            server.post("/v1/threads/t/messages", "{\"message_id\":\"m3\",\"text\":\"x\"}", "traceparent", "00-no");
            assertThat(upstream.request().headers()).doesNotContainKey("traceparent");
        }
    }

    @Test
    void cancelling_a_run_closes_the_request_behind_it() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
                    exchange.stream().event(CHUNK);
                    exchange.awaitClosedByClient();
                    closed.countDown();
                });
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_WEATHER_URL", upstream.uri("/").toString());
                TestClient client = server.connect("thread_id=t")) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "And today?");
            client.await("agent_response_chunk");

            client.send("cancel_run", "thread_id", "t", "message_id", "m1");

            client.await("agent_cancelled");
            assertThat(closed.await(TestServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
        }
    }

    @Test
    void an_agent_has_a_deadline_of_its_own() throws Exception {
        try (FakeUpstream upstream = FakeUpstream.answering(exchange -> {
                    exchange.stream().event(CHUNK);
                    exchange.awaitClosedByClient();
                });
                TestServer server = TestServer.start(
                        "HANDFAST_AGENTS_WEATHER_URL",
                        upstream.uri("/").toString(),
                        "HANDFAST_AGENTS_WEATHER_DEADLINE",
                        "300ms");
                TestClient client = server.connect("thread_id=t")) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "And today?");

            Frame error = client.await("agent_error").payload();
            assertThat(error.text("code")).isEqualTo("deadline_exceeded");
            assertThat(error.text("message")).contains("300 ms");
        }
    }

    @Test
    void a_key_in_the_environment_is_enough_to_talk_to_a_model() throws Exception {
        try (FakeUpstream openai = completions(say("Hello!") + finish("stop"));
                TestServer server = TestServer.start(
                        "OPENAI_API_KEY", "sk-1",
                        "OPENAI_BASE_URL", openai.uri("/v1").toString(),
                        "OPENAI_MODEL", "test-model");
                TestClient client = server.connect("thread_id=t")) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "Hi");

            assertThat(client.await("agent_started").payload().text("agent")).isEqualTo("assistant");
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("Hello!");
            FakeUpstream.Request request = openai.request();
            assertThat(request.line()).startsWith("POST /v1/chat/completions ");
            assertThat(request.headers()).containsEntry("authorization", "Bearer sk-1");
            assertThat(request.body()).contains("\"test-model\"");
        }
    }

    @Test
    void a_jar_brings_tools_for_a_model() throws Exception {
        byte[] code = PluginJar.compiled(directory, "Orders", """
                import dev.langchain4j.agent.tool.P;
                import dev.langchain4j.agent.tool.Tool;
                public final class Orders implements io.handfast.agents.model.ToolSet {
                    public String name() { return "orders"; }
                    public java.util.List<Object> tools() { return java.util.List.of(this); }
                    @Tool("Looks up an order")
                    public String order(@P("its number") String number) { return "order " + number + " is on its way"; }
                }
                """);
        Path plugins = Files.createDirectory(directory.resolve("plugins"));
        PluginJar.write(plugins.resolve("orders.jar"), "Orders", code, ToolSet.class, "Orders");
        String call =
                "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"c1\","
                        + "\"type\":\"function\",\"function\":{\"name\":\"order\",\"arguments\":\"{\\\"number\\\":\\\"7\\\"}\"}}]}}]}\n\n";
        try (FakeUpstream openai = completions(call + finish("tool_calls"), say("Soon.") + finish("stop"));
                TestServer server = TestServer.start(
                        "HANDFAST_PLUGINS", plugins.toString(),
                        "HANDFAST_AGENTS_SUPPORT_TYPE", "openai",
                        "HANDFAST_AGENTS_SUPPORT_MODEL", "test-model",
                        "HANDFAST_AGENTS_SUPPORT_BASE_URL", openai.uri("/v1").toString(),
                        "HANDFAST_AGENTS_SUPPORT_TOOLS", "orders");
                TestClient client = server.connect("thread_id=t")) {
            client.send("user_message", "thread_id", "t", "message_id", "m1", "text", "Where is order 7?");

            Frame completed = client.await("tool_completed").payload();
            assertThat(completed.text("tool_name")).isEqualTo("order");
            assertThat(completed.text("result")).isEqualTo("order 7 is on its way");
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("Soon.");
            assertThat(openai.request().headers()).doesNotContainKey("authorization");
            assertThat(openai.request().body()).contains("order 7 is on its way");
        }
    }

    @Test
    void the_default_agent_can_be_chosen_and_has_to_be_there() throws Exception {
        try (TestServer server = TestServer.start("HANDFAST_DEFAULT_AGENT", "echo")) {
            Frame agents = Frame.of(server.get("/v1/agents").body());
            assertThat(agents.text("default")).isEqualTo("echo");
        }
        assertThatThrownBy(() -> TestServer.start("HANDFAST_DEFAULT_AGENT", "ecco"))
                .isInstanceOf(StartFailedException.class)
                .hasMessage("handfast.default-agent is 'ecco', and there is no such agent; allowed: docs, echo");
    }

    @Test
    void what_is_missing_at_the_start_is_named() {
        assertThatThrownBy(() -> TestServer.start(
                        "HANDFAST_AGENTS_SUPPORT_TYPE", "openai",
                        "HANDFAST_AGENTS_SUPPORT_MODEL", "m",
                        "HANDFAST_AGENTS_SUPPORT_TOOLS", "orders"))
                .isInstanceOf(StartFailedException.class)
                .hasMessage("handfast.agents.support.tools names 'orders'; allowed: tool sets that jars of"
                        + " handfast.plugins offer, and there are none");
        assertThatThrownBy(() -> TestServer.start(
                        "HANDFAST_PLUGINS", directory.resolve("nowhere").toString()))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("no such directory");
    }

    /** An endpoint that answers one request after the other with these streams. */
    private static FakeUpstream completions(String... streams) throws Exception {
        Queue<String> left = new ConcurrentLinkedQueue<>(List.of(streams));
        return FakeUpstream.answering(exchange -> exchange.stream().write(String.valueOf(left.poll())));
    }

    private static String say(String text) {
        return "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n";
    }

    private static String finish(String reason) {
        return "data: {\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}\n\n"
                + "data: [DONE]\n\n";
    }
}
