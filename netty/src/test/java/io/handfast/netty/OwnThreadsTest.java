package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.post;
import static io.handfast.netty.RawClient.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient.Response;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A user's threads over HTTP: listed, and deleted under those who read them. */
@ExtendWith(LeakWatch.class)
class OwnThreadsTest {
    private static final String BOB = "X-Handfast-User: bob";
    private static final String STREAM = "Accept: text/event-stream";

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Response call(String request) {
        try (RawClient client = gateway.client()) {
            return client.call(request);
        }
    }

    private Response ask(String threadId, String text, String... headers) {
        return call(post(
                "/v1/threads/" + threadId + "/messages",
                "{\"message_id\":\"m\",\"agent\":\"sleeper\",\"text\":\"" + text + "\"}",
                headers));
    }

    private int delete(String threadId, String... headers) {
        return call(request("DELETE", "/v1/threads/" + threadId, "", headers)).status();
    }

    @SuppressWarnings("unchecked") // as spec/protocol.md says
    private static List<Map<String, Object>> threads(Response page) {
        assertThat(page.status()).isEqualTo(200);
        return (List<Map<String, Object>>) Objects.requireNonNull(page.json().get("threads"));
    }

    // ---- the list

    @Test
    void threads_are_listed_newest_first_with_title_and_last_activity_and_only_ones_own() {
        ask("a", "first question");
        ask("b", "second question");
        ask("c", "of bob", BOB);
        try (RawClient reader = gateway.client().open("/v1/ws?thread_id=empty")) {
            reader.await("subscribed");
        }

        List<Map<String, Object>> threads = threads(call(get("/v1/threads")));
        assertThat(threads).extracting("thread_id", String.class).containsExactly("b", "a");
        assertThat(threads).extracting("title", String.class).containsExactly("second question", "first question");
        assertThat(threads)
                .extracting("last_activity", BigDecimal.class)
                .allSatisfy(at -> assertThat(at).isGreaterThan(new BigDecimal(1_700_000_000)));
        assertThat(threads(call(get("/v1/threads", BOB)))).hasSize(1);
        assertThat(threads(call(get("/v1/threads", "X-Handfast-User: nobody")))).isEmpty();
    }

    @Test
    void pages_join_without_a_seam_and_the_last_one_has_no_next() {
        List<String> asked = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ask("t:" + i, "question");
            asked.add(0, "t:" + i);
        }
        List<String> listed = new ArrayList<>();
        String query = "?limit=3";
        int pages = 0;
        while (!query.isEmpty()) {
            Response page = call(get("/v1/threads" + query));
            threads(page).forEach(thread -> listed.add((String) thread.get("thread_id")));
            Object next = page.json().get("next");
            query = next == null ? "" : "?limit=3&after=" + next;
            pages++;
        }
        assertThat(listed).isEqualTo(asked);
        assertThat(pages).isEqualTo(3);
        assertThat(call(get("/v1/threads?limit=7")).json()).doesNotContainKey("next");
    }

    @Test
    void a_wrong_limit_or_place_is_400_and_named() {
        Map<String, List<String>> wrong = Map.of(
                "limit", List.of("0", "201", "x", ""),
                "after", List.of("", "x", ":t", "1", "1:", "1:a/b", "-1:t", "1234567890123456789:t"));
        wrong.forEach((field, values) -> {
            for (String value : values) {
                Response response = call(get("/v1/threads?" + field + "=" + value));
                assertThat(response.status()).as(field + "=" + value).isEqualTo(400);
                assertThat(response.json()).containsEntry("field", field);
            }
        });
    }

    // ---- the deletion

    @Test
    void a_thread_is_deleted_by_its_owner_once() {
        ask("t", "question");
        assertThat(delete("t", BOB)).isEqualTo(403);
        assertThat(threads(call(get("/v1/threads")))).hasSize(1);

        assertThat(delete("t")).isEqualTo(204);
        assertThat(delete("t")).isEqualTo(404);
        assertThat(threads(call(get("/v1/threads")))).isEmpty();
        assertThat(call(get("/v1/threads/t/events")).status()).isEqualTo(404);
        assertThat(call(request("DELETE", "/v1/threads/a%2Fb", "")).json()).containsEntry("field", "thread_id");
    }

    @Test
    void a_run_of_a_deleted_thread_is_gone() {
        Object run = ask("t", "question").json().get("run_id");
        delete("t");
        assertThat(call(request("POST", "/v1/runs/" + run + "/cancel", "")).status())
                .isEqualTo(404);
    }

    @Test
    void readers_are_told_and_their_connection_goes_on() {
        Object epoch;
        try (RawClient reader = gateway.client().open("/v1/ws?thread_id=t")) {
            epoch = reader.await("subscribed").get("epoch");
            ask("t", "question");
            reader.await("agent_started");
            delete("t");
            assertThat(reader.await("unsubscribed"))
                    .containsEntry("thread_id", "t")
                    .containsEntry("reason", "deleted");

            ask("t", "another");
            reader.text("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":2,\"epoch\":\"" + epoch + "\"}");
            Map<String, Object> subscribed = reader.await("subscribed");
            assertThat(subscribed).containsEntry("resumed", false).containsEntry("from_seq", 1L);
            assertThat(subscribed.get("epoch")).isNotEqualTo(epoch);
            assertThat(reader.await("history_gap")).containsEntry("reason", "epoch_changed");
            assertThat(reader.await("user_message")).containsEntry("seq", 1L);
        }
    }

    @Test
    void a_stream_says_that_the_thread_was_deleted_and_ends_and_one_that_comes_again_is_told_of_the_gap() {
        ask("t", "question");
        String id;
        try (RawClient reader = gateway.client()) {
            reader.send(get("/v1/threads/t/events", STREAM)).head();
            StringBuilder buffer = new StringBuilder();
            id = Objects.requireNonNull(reader.event(buffer).get("id"));
            reader.event(buffer); // agent_started
            delete("t");
            Map<String, String> end = reader.event(buffer);
            assertThat(end).containsEntry("event", "unsubscribed").doesNotContainKey("id");
            assertThat(end.get("data")).contains("\"thread_id\":\"t\"", "\"reason\":\"deleted\"");
            assertThat(reader.chunk()).isEmpty();
            assertThat(reader.ends()).isTrue();
        }
        try (RawClient reader = gateway.client()) {
            reader.send(get("/v1/threads/t/events", STREAM, "Last-Event-ID: " + id))
                    .head();
            StringBuilder buffer = new StringBuilder();
            assertThat(reader.event(buffer).get("data")).contains("\"reason\":\"epoch_changed\"");
            ask("t", "another");
            assertThat(reader.event(buffer).get("id")).endsWith(":1").isNotEqualTo(id);
        }
    }

    @Test
    void an_agent_that_works_for_it_is_called_off() {
        ask("t", "question");
        await().atMost(RawClient.PATIENCE)
                .until(() -> call(get("/v1/threads/t/events")).body().contains("agent_started"));
        delete("t");
        // The next run of that name begins only when no other executes.
        ask("t", "another");
        await().atMost(RawClient.PATIENCE)
                .until(() -> call(get("/v1/threads/t/events")).body().contains("agent_started"));
    }
}
