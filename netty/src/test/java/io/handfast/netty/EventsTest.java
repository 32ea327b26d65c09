package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.awaitility.Awaitility.await;

import io.handfast.log.LogLimits;
import io.handfast.log.Retention;
import io.handfast.netty.RawClient.Response;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A thread over HTTP: written, read in pages, read as a stream. */
@ExtendWith(LeakWatch.class)
class EventsTest {
    private static final String STREAM = "Accept: text/event-stream";

    private TestGateway gateway = TestGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Response call(String request) {
        try (RawClient client = gateway.client()) {
            return client.call(request);
        }
    }

    private Response ask(String messageId, String text) {
        return call(post("/v1/threads/t/messages", "{\"message_id\":\"" + messageId + "\",\"text\":\"" + text + "\"}"));
    }

    /** Asks and waits until the run has ended; the head is then where it stays. */
    private long askToTheEnd(String messageId, String text) {
        ask(messageId, text);
        await().atMost(RawClient.PATIENCE)
                .until(() -> call(get("/v1/threads/t/events?limit=1000"))
                        .body()
                        .lines()
                        .anyMatch(line -> line.contains(messageId) && line.contains("agent_completed")));
        return (long)
                Objects.requireNonNull(call(get("/v1/threads/t/events")).json().get("head_seq"));
    }

    // ---- writing

    @Test
    void a_message_is_accepted_once() {
        Response first = ask("m", "hello");
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.json()).containsEntry("seq", 1L).containsEntry("duplicate", false);
        assertThat(ask("m", "hello").json())
                .containsEntry("duplicate", true)
                .containsEntry("run_id", first.json().get("run_id"));
    }

    @Test
    void bad_bodies_are_400_and_name_the_field() {
        for (String body : List.of("{", "[]", "nonsense", "{\"message_id\":\"m\",\"message_id\":\"n\"}")) {
            assertThat(call(post("/v1/threads/t/messages", body)).json()).containsEntry("code", "bad_json");
        }
        Map<String, String> fields = Map.of(
                "{}", "message_id",
                "{\"message_id\":\"a/b\",\"text\":\"\"}", "message_id",
                "{\"message_id\":\"m\"}", "text",
                "{\"message_id\":\"m\",\"text\":7}", "text",
                "{\"message_id\":\"m\",\"text\":\"\",\"options\":[]}", "options");
        fields.forEach((body, field) -> {
            Response response = call(post("/v1/threads/t/messages", body));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.json()).containsEntry("code", "invalid_field").containsEntry("field", field);
        });
        assertThat(call(post("/v1/threads/a%2Fb/messages", "{}")).json()).containsEntry("field", "thread_id");
    }

    @Test
    void an_unknown_agent_is_named() {
        Response response =
                call(post("/v1/threads/t/messages", "{\"message_id\":\"m\",\"text\":\"\",\"agent\":\"nobody\"}"));
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.json()).containsEntry("code", "unknown_agent");
    }

    @Test
    void a_run_is_cancelled_once() {
        Response posted =
                call(post("/v1/threads/t/messages", "{\"message_id\":\"m\",\"text\":\"\",\"agent\":\"sleeper\"}"));
        String path = "/v1/runs/" + posted.json().get("run_id") + "/cancel";
        assertThat(call(RawClient.request("POST", path, "")).status()).isEqualTo(202);
        await().atMost(RawClient.PATIENCE)
                .until(() -> call(RawClient.request("POST", path, "")).status() == 409);
        assertThat(call(RawClient.request("POST", "/v1/runs/unknown/cancel", ""))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void a_thread_of_another_user_is_403_and_an_unknown_one_404() {
        ask("m", "mine");
        String bob = "X-Handfast-User: bob";
        assertThat(call(get("/v1/threads/t/events", bob)).status()).isEqualTo(403);
        assertThat(call(get("/v1/threads/t/events", bob, STREAM)).status()).isEqualTo(403);
        assertThat(call(post("/v1/threads/t/messages", "{\"message_id\":\"n\",\"text\":\"\"}", bob))
                        .status())
                .isEqualTo(403);
        assertThat(call(get("/v1/threads/unknown/events")).status()).isEqualTo(404);
    }

    // ---- pages

    @Test
    void pages_join_without_a_seam() {
        long head = askToTheEnd("m", "a b c d e f g h");
        long after = 0;
        while (after < head) {
            Map<String, Object> page =
                    call(get("/v1/threads/t/events?limit=3&after_seq=" + after)).json();
            assertThat(page).containsEntry("head_seq", head).doesNotContainKey("gap");
            for (Object event : (List<?>) Objects.requireNonNull(page.get("events"))) {
                assertThat(event).asInstanceOf(MAP).containsEntry("seq", ++after);
            }
            assertThat(page.get("next_after_seq")).isEqualTo(after < head ? after : null);
        }
        assertThat(call(get("/v1/threads/t/events?after_seq=latest")).json().get("events"))
                .asInstanceOf(LIST)
                .isEmpty();
    }

    @Test
    void a_limit_out_of_range_is_named() {
        ask("m", "a");
        for (String limit : List.of("0", "1001", "-1", "x", "99999999999")) {
            assertThat(call(get("/v1/threads/t/events?limit=" + limit)).json()).containsEntry("field", "limit");
        }
    }

    @Test
    void a_position_of_another_epoch_is_a_gap() {
        ask("m", "a");
        assertThat(call(get("/v1/threads/t/events?after_seq=7&epoch=other"))
                        .json()
                        .get("gap"))
                .isEqualTo(Map.of("reason", "epoch_changed", "missing_from", 8L, "missing_to", 8L));
    }

    // ---- streams

    @Test
    void a_stream_has_history_and_then_what_happens() {
        long head = askToTheEnd("m1", "one");
        try (RawClient client = gateway.client()) {
            Response response = client.send(get("/v1/threads/t/events", STREAM)).head();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("content-type")).isEqualTo("text/event-stream");
            StringBuilder buffer = new StringBuilder();
            for (long seq = 1; seq <= head; seq++) {
                assertThat(client.event(buffer).get("data")).contains("\"seq\":" + seq);
            }
            ask("m2", "two");
            Map<String, String> next = client.event(buffer);
            assertThat(next).containsEntry("event", "user_message");
            assertThat(next.get("id")).endsWith(":" + (head + 1));
        }
    }

    @Test
    void the_last_event_id_wins_over_after_seq() {
        long head = askToTheEnd("m", "a b c");
        Object epoch = call(get("/v1/threads/t/events")).json().get("epoch");
        try (RawClient client = gateway.client()) {
            client.send(get("/v1/threads/t/events?after_seq=0", STREAM, "Last-Event-ID: " + epoch + ":" + (head - 1)))
                    .head();
            assertThat(client.event(new StringBuilder())).containsEntry("id", epoch + ":" + head);
        }
        assertThat(call(get("/v1/threads/t/events", STREAM, "Last-Event-ID: nonsense"))
                        .json())
                .containsEntry("field", "Last-Event-ID");
    }

    @Test
    void a_stream_of_an_unknown_thread_waits_for_it() {
        try (RawClient client = gateway.client()) {
            client.send(get("/v1/threads/t/events", STREAM)).head();
            ask("m", "first");
            assertThat(client.event(new StringBuilder())).containsEntry("event", "user_message");
        }
    }

    @Test
    void a_gap_is_told_without_an_id() {
        gateway.close();
        gateway = new TestGateway.Wishes()
                .log(LogLimits.forMemory().with(new Retention(5, 1 << 20, Retention.FOR_EVER, 1 << 20)))
                .start();
        askToTheEnd("m", "a b c d e f g h i j k l m n o p");
        try (RawClient client = gateway.client()) {
            client.send(get("/v1/threads/t/events?after_seq=1", STREAM)).head();
            StringBuilder buffer = new StringBuilder();
            Map<String, String> gap = client.event(buffer);
            assertThat(gap).containsEntry("event", "history_gap").doesNotContainKey("id");
            assertThat(gap.get("data")).contains("\"reason\":\"trimmed\"", "\"missing_from\":2");
            assertThat(client.event(buffer)).containsKey("id");
        }
    }

    @Test
    void a_stream_ends_at_drain() throws Exception {
        CompletableFuture<Void> drained;
        try (RawClient client = gateway.client()) {
            client.send(get("/v1/threads/t/events", STREAM)).head();
            client.chunk();
            drained =
                    gateway.server().drain(RawClient.PATIENCE.multipliedBy(10)).toCompletableFuture();
            assertThat(client.chunk()).isEmpty();
            assertThat(client.ends()).isTrue();
        }
        drained.get(RawClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
