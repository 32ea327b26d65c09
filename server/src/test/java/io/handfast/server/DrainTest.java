package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The end in peace (F19, F20; spec/protocol.md, "draining"). */
class DrainTest {
    private static final int WORDS = 500;

    /** How long an answer takes that no drain may wait for. */
    private static final Duration ANSWER = Duration.ofSeconds(100);

    @Test
    void an_answer_under_way_ends_with_agent_lost_before_the_close() throws Exception {
        TestServer server = TestServer.start("HANDFAST_DRAIN_RUNS", "500ms");
        TestClient client = reader(server);

        long began = System.nanoTime();
        CompletableFuture<Void> drained = CompletableFuture.runAsync(server.server()::drain);

        List<Frame> frames = client.untilClosed();
        assertThat(only(frames, "agent_error").payload().fields())
                .containsEntry("code", "agent_lost")
                .containsEntry("retryable", true);
        assertThat(only(frames, "draining").fields()).containsEntry("reason", "shutdown");
        assertThat(client.closeCode()).isEqualTo(1012);
        awaited(drained);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThanOrEqualTo(Duration.ofMillis(500))
                .isLessThan(ANSWER.dividedBy(2));
    }

    @Test
    void an_answer_that_ends_in_time_is_complete() throws Exception {
        TestServer server = TestServer.start("HANDFAST_DRAIN_RUNS", "5s", "HANDFAST_DRAIN_CONNECTIONS", "1s");
        TestClient client = server.connect("thread_id=t");
        client.send(
                "user_message",
                "thread_id",
                "t",
                "message_id",
                "m1",
                "agent",
                "echo",
                "text",
                "one two three four five",
                "options",
                Map.of("chunk_delay_ms", 100L));
        client.await("agent_response_chunk");
        CompletableFuture<Void> drained = CompletableFuture.runAsync(server.server()::drain);

        List<Frame> frames = client.untilClosed();
        assertThat(only(frames, "agent_completed").payload().text("text")).isEqualTo("one two three four five");
        only(frames, "draining");
        assertThat(client.closeCode()).isEqualTo(1012);
        awaited(drained);
    }

    @Test
    void while_draining_nobody_new_comes_in_and_no_message_is_taken() throws Exception {
        TestServer server = TestServer.start("HANDFAST_DRAIN_RUNS", "5s", "HANDFAST_DRAIN_CONNECTIONS", "1s");
        TestClient client = reader(server);
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        CompletableFuture<Void> drained = CompletableFuture.runAsync(server.server()::drain);

        Awaitility.await()
                .atMost(TestServer.PATIENCE)
                .until(() -> server.get("/readyz").statusCode() == 503);
        assertThat(TestClient.refusal(server.socketUri(""), Map.of())).isEqualTo(503);
        client.send("user_message", "thread_id", "t", "message_id", "m2", "agent", "echo", "text", "no");
        assertThat(client.await("error").fields())
                .containsEntry("code", "draining")
                .containsEntry("retryable", true);
        client.send("cancel_run", "thread_id", "t", "message_id", "m1");
        awaited(drained);
    }

    private static void awaited(CompletableFuture<Void> drained) throws Exception {
        drained.get(TestServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Somebody in the middle of the {@link #ANSWER}. */
    private static TestClient reader(TestServer server) throws Exception {
        TestClient client = server.connect("thread_id=t");
        client.send(
                "user_message",
                "thread_id",
                "t",
                "message_id",
                "m1",
                "agent",
                "echo",
                "text",
                "word ".repeat(WORDS),
                "options",
                Map.of("chunk_delay_ms", ANSWER.toMillis() / WORDS));
        client.await("agent_response_chunk");
        return client;
    }

    private static Frame only(List<Frame> frames, String type) {
        List<Frame> found =
                frames.stream().filter(frame -> frame.type().equals(type)).toList();
        assertThat(found).as(type).hasSize(1);
        return found.get(0);
    }
}
