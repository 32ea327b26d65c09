package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Conversations with the running server, by each way in (requirements R17, R18). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConversationTest {
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
    void by_websocket_all_events_of_an_answer_come_in_order_and_once() throws Exception {
        try (TestClient client = server.connect("")) {
            assertThat(client.await("connection_ready").fields()).containsEntry("user_id", "anonymous");
            client.send("subscribe", "thread_id", "ws");
            assertThat(client.await("subscribed").fields()).containsEntry("from_seq", 1L);
            client.send("user_message", "thread_id", "ws", "message_id", "m1", "agent", "echo", "text", "to be or not");

            Frame completed = client.await("agent_completed");

            assertThat(completed.payload().fields()).containsEntry("text", "to be or not");
            assertThat(types(client.events()))
                    .startsWith("user_message", "agent_started", "agent_thinking", "tool_executing", "tool_completed")
                    .endsWith("agent_response_chunk", "agent_completed");
            assertThat(seqs(client.events())).isEqualTo(upTo(10));
            assertThat(answer(client.events())).isEqualTo("to be or not");
        }
    }

    @Test
    void a_client_that_promises_to_answer_is_proven_by_its_answer() throws Exception {
        try (TestClient client = server.connect("", "handfast.v1")) {
            assertThat(client.protocol()).isEqualTo("handfast.v1");
            Frame validation = client.await("handshake_validation");
            client.send("handshake_ack", "validation_id", validation.text("validation_id"));
            assertThat(client.await("connection_ready").fields()).containsEntry("proof", "application");
        }
        try (TestClient client = server.connect("")) {
            assertThat(client.await("connection_ready").fields()).containsEntry("proof", "transport");
        }
    }

    @Test
    void by_http_a_message_is_accepted_and_its_answer_read() throws Exception {
        HttpResponse<String> accepted = server.post(
                "/v1/threads/http/messages", "{\"message_id\":\"m1\",\"agent\":\"echo\",\"text\":\"one two\"}");
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(Frame.of(accepted.body()).fields()).containsEntry("seq", 1L).containsEntry("duplicate", false);
        HttpResponse<String> again = server.post(
                "/v1/threads/http/messages", "{\"message_id\":\"m1\",\"agent\":\"echo\",\"text\":\"one two\"}");
        assertThat(Frame.of(again.body()).fields()).containsEntry("seq", 1L).containsEntry("duplicate", true);

        try (TestClient client = server.connect("thread_id=http")) {
            client.await("agent_completed");
        }
        Frame page = Frame.of(server.get("/v1/threads/http/events?after_seq=1").body());
        assertThat(page.fields()).containsEntry("head_seq", 8L);
        assertThat(page.fields().get("events"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(7);
    }

    @Test
    void by_event_stream_the_same_events_come() throws Exception {
        server.post(
                "/v1/threads/sse/messages", "{\"message_id\":\"m1\",\"agent\":\"echo\",\"text\":\"one two three\"}");
        List<String> types = new ArrayList<>();
        HttpResponse<Stream<String>> stream = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + "/v1/threads/sse/events"))
                                .header("Accept", "text/event-stream")
                                .build(),
                        HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        try (Stream<String> lines = stream.body()) {
            types.addAll(lines.filter(line -> line.startsWith("event: "))
                    .map(line -> line.substring("event: ".length()))
                    .takeWhile(type -> !type.equals("agent_completed"))
                    .toList());
        }
        assertThat(types).hasSize(8).startsWith("user_message", "agent_started").endsWith("agent_response_chunk");
    }

    @Test
    void a_reconnect_in_the_middle_of_an_answer_misses_nothing_and_repeats_nothing() throws Exception {
        String text = IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
        List<Frame> read = new ArrayList<>();
        String epoch;
        try (TestClient first = server.connect("thread_id=resume")) {
            epoch = first.await("subscribed").text("epoch");
            first.send(
                    "user_message",
                    "thread_id",
                    "resume",
                    "message_id",
                    "m1",
                    "agent",
                    "echo",
                    "text",
                    text,
                    "options",
                    Map.of("chunk_delay_ms", 5L));
            first.await(frame -> frame.event() && frame.seq() >= 20);
            read.addAll(first.events());
            first.cut();
        }
        long last = read.get(read.size() - 1).seq();
        try (TestClient second = server.connect("thread_id=resume&after_seq=" + last + "&epoch=" + epoch)) {
            assertThat(second.await("subscribed").fields())
                    .containsEntry("resumed", true)
                    .containsEntry("from_seq", last + 1);
            assertThat(second.await("agent_completed").payload().fields()).containsEntry("text", text);
            read.addAll(second.events());
        }
        assertThat(answer(read)).isEqualTo(text);
        assertThat(seqs(read)).isEqualTo(upTo(66));
    }

    @Test
    void a_run_is_stopped_by_whoever_asked_for_it() throws Exception {
        try (TestClient client = server.connect("thread_id=stop")) {
            client.send(
                    "user_message",
                    "thread_id",
                    "stop",
                    "message_id",
                    "m1",
                    "agent",
                    "echo",
                    "text",
                    "a b c",
                    "options",
                    Map.of("hang_after_chunks", 1L));
            client.await("agent_response_chunk");
            client.send("cancel_run", "thread_id", "stop", "message_id", "m1");
            assertThat(client.await("agent_cancelled").payload().fields()).containsEntry("by", "anonymous");
        }
    }

    @Test
    void without_a_named_agent_the_documentation_answers() throws Exception {
        try (TestClient client = server.connect("thread_id=docs")) {
            client.send(
                    "user_message", "thread_id", "docs", "message_id", "m1", "text", "What is the default heartbeat?");
            Frame completed = client.await("agent_completed");
            assertThat(completed.payload().text("text")).contains("/docs/");
        }
    }

    private static List<String> types(List<Frame> events) {
        return events.stream().map(Frame::type).toList();
    }

    /** The place of every event; a frame of several chunks stands for all of them. */
    private static List<Long> seqs(List<Frame> events) {
        return events.stream()
                .flatMapToLong(event -> LongStream.rangeClosed(event.firstSeq(), event.seq()))
                .boxed()
                .toList();
    }

    private static String answer(List<Frame> events) {
        return events.stream()
                .filter(event -> event.type().equals("agent_response_chunk"))
                .map(event -> event.payload().text("text"))
                .collect(Collectors.joining());
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }
}
