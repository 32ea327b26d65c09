package io.handfast.server;

import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.server.EdgeStand.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient;
import io.handfast.netty.RawReader;
import io.handfast.netty.frame.ClientFrameBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The modes of docs/failure-modes.md around READY, made by an edge between a running server and its clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EstablishingModesTest {
    private static final String APPLICATION = "Sec-WebSocket-Protocol: handfast.v1";

    private final LogLines log = LogLines.of("io.handfast");

    /** Asks for a proof as long as tests wait, so that nothing is assumed because a busy machine is slow. */
    private TestServer server;

    /** Asks for a proof for two seconds only, and closes without one. */
    private TestServer strict;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start("HANDFAST_READINESS_DEADLINE", "60s");
        strict = TestServer.start("HANDFAST_READINESS_UNPROVEN", "close", "HANDFAST_READINESS_DEADLINE", "2s");
    }

    @AfterEach
    void nothing_is_our_error() {
        assertThat(log.warnings()).isEmpty();
    }

    @AfterAll
    void stop() {
        log.close();
        server.close();
        strict.close();
    }

    private static byte[] bytes(String request, String... frames) {
        byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
        for (String text : frames) {
            bytes = ClientFrameBytes.join(bytes, ClientFrameBytes.text(text));
        }
        return bytes;
    }

    private static String message(String thread, String id) {
        return frame("user_message", "thread_id", thread, "message_id", id, "agent", "echo", "text", "of " + id);
    }

    private static void ack(RawClient client, Map<String, Object> validation) {
        Object validationId = Objects.requireNonNull(validation.get("validation_id"), "validation_id");
        client.text(frame("handshake_ack", "validation_id", validationId));
    }

    @Test
    void f01_behind_a_held_101_nothing_but_questions_leaves_and_events_follow_the_proof() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on 101: barrier open")) {
            stand.say("f01", "m", "to be or not to be");
            RawReader reader = new RawReader("f01");
            RawClient client = stand.client().send(upgrade(reader.target()));
            stand.awaitBarrier("open");
            stand.release("open");

            assertThat(client.head().status()).isEqualTo(101);
            RawClient.Frame first = client.frame();
            assertThat(first.opcode()).isEqualTo(ClientFrameBytes.PING);
            client.send(ClientFrameBytes.frame(ClientFrameBytes.FIN | ClientFrameBytes.PONG, first.payload()));
            RawClient.Frame next = client.data();
            assertThat(next.json()).containsEntry("type", "connection_ready").containsEntry("proof", "transport");
            reader.to("agent_completed", client);
            assertThat(reader.answer()).isEqualTo("to be or not to be");
        }
    }

    @Test
    void f01_a_101_that_is_held_for_ever_ends_at_the_deadline_without_an_event() throws Exception {
        try (EdgeStand stand = new EdgeStand(strict, "on 101: barrier open")) {
            stand.say("f01", "m", "for nobody");
            double missed = stand.counted("handfast_proofs_missed_total", "outcome=\"closed\"");
            RawClient client = stand.client().send(upgrade("/v1/ws?thread_id=f01"));
            stand.awaitBarrier("open");
            stand.awaitCount(missed + 1, "handfast_proofs_missed_total", "outcome=\"closed\"");
            stand.release("open");

            assertThat(client.head().status()).isEqualTo(101);
            RawClient.Frame frame = client.frame();
            while (frame.opcode() == ClientFrameBytes.PING) {
                frame = client.frame();
            }
            assertThat(frame.isClose()).isTrue();
            assertThat(frame.closeCode()).isEqualTo(4002);
        }
    }

    @Test
    void f02_a_first_frame_that_comes_with_the_101_or_byte_by_byte_or_never_costs_no_event() throws Exception {
        String script = """
                connection 1: on 101: coalesce 1 frames
                connection 2: on frame 1 ping from server: drop
                connection 3: always: dribble server 1 bytes every 250us for 600 bytes
                """;
        try (EdgeStand stand = new EdgeStand(server, script)) {
            stand.say("f02", "m", "to be or not to be");
            for (int connection = 1; connection <= 3; connection++) {
                RawReader reader = new RawReader("f02");
                RawClient client = stand.client().send(upgrade(reader.target()));
                assertThat(client.head().status()).isEqualTo(101);
                // Without a repeat there would be none.
                assertThat(client.await("connection_ready")).containsEntry("proof", "transport");
                reader.to("agent_completed", client);
                assertThat(reader.answer()).isEqualTo("to be or not to be");
            }
            stand.awaitLine("dropped ping frame 1 from server");
        }
    }

    @Test
    void f03_frames_that_arrive_with_the_upgrade_request_are_handled_in_order_after_ready() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on request: barrier sent")) {
            RawReader reader = new RawReader("f03");
            RawClient client = stand.client()
                    .send(bytes(
                            upgrade(reader.target()),
                            message("f03", "m1"),
                            message("f03", "m2"),
                            message("f03", "m3")));
            stand.awaitBarrier("sent");
            stand.release("sent");

            assertThat(client.head().status()).isEqualTo(101);
            assertThat(client.data().json()).containsEntry("type", "connection_ready");
            List<Object> accepted = new ArrayList<>();
            while (accepted.size() < 3) {
                Map<String, Object> frame = client.await(any -> true);
                reader.take(frame);
                if ("message_accepted".equals(frame.get("type"))) {
                    accepted.add(frame.get("message_id"));
                }
            }
            assertThat(accepted).containsExactly("m1", "m2", "m3");
        }
    }

    @Test
    void f04_whoever_may_not_come_in_is_told_before_the_101_and_what_he_sent_is_not_handled() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on request: barrier sent")) {
            stand.say("f04", "m", "mine");
            stand.awaitHead("f04", 7);
            RawClient client =
                    stand.client().send(bytes(upgrade("/v1/ws?thread_id=f04&user=mallory"), message("f04", "m2")));
            stand.awaitBarrier("sent");
            stand.release("sent");

            assertThat(client.response().status()).isEqualTo(403);
            assertThat(client.ends()).isTrue();
            assertThat(stand.headSeq("f04")).isEqualTo(7);
        }
    }

    @Test
    void f04_what_waits_for_ready_is_bounded() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on request: barrier sent")) {
            String[] frames = new String[65];
            for (int i = 0; i < frames.length; i++) {
                frames[i] = message("f04-bounded", "m" + i);
            }
            RawClient client = stand.client().send(bytes(upgrade("/v1/ws", APPLICATION), frames));
            stand.awaitBarrier("sent");
            stand.release("sent");

            assertThat(client.head().status()).isEqualTo(101);
            assertThat(client.closeCode()).isEqualTo(4504);
        }
    }

    @Test
    void f05_a_message_that_overtakes_the_handshake_waits_for_it() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on frame 1 text from server: barrier asked")) {
            RawReader reader = new RawReader("f05");
            RawClient client = stand.client().send(upgrade("/v1/ws", APPLICATION));
            assertThat(client.head().status()).isEqualTo(101);
            stand.awaitBarrier("asked");
            client.text(frame("subscribe", "thread_id", "f05")).text(message("f05", "m"));
            stand.release("asked");

            Map<String, Object> validation = client.data().json();
            ack(client, validation);
            Map<String, Object> next = client.data().json();
            while ("handshake_validation".equals(next.get("type"))) {
                next = client.data().json();
            }
            assertThat(next).containsEntry("type", "connection_ready").containsEntry("proof", "application");
            reader.to("agent_completed", client);
            assertThat(reader.answer()).isEqualTo("of m");
        }
    }

    @Test
    void f06_events_wait_for_the_handler_that_answers() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "always: delay both 1ms")) {
            stand.say("f06", "m", "to be or not to be");
            RawReader reader = new RawReader("f06");
            RawClient client = stand.client().send(upgrade(reader.target(), APPLICATION));
            assertThat(client.head().status()).isEqualTo(101);
            for (long attempt = 1; attempt <= 3; attempt++) {
                // No handler is there for the first two.
                assertThat(client.data().json())
                        .containsEntry("type", "handshake_validation")
                        .containsEntry("attempt", attempt);
            }
            ack(client, client.data().json());

            reader.to("agent_completed", client);
            assertThat(reader.answer()).isEqualTo("to be or not to be");
        }
    }

    @Test
    void f06_what_was_lost_on_a_late_handler_comes_again_by_its_position() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "on frame 1..3 text from server: drop")) {
            stand.say("f06-replay", "m", "to be or not to be");
            RawReader reader = new RawReader("f06-replay");
            RawClient client = stand.client().send(upgrade(reader.target()));
            assertThat(client.head().status()).isEqualTo(101);
            // What comes first is not what was sent first: a hole.
            client.await(
                    frame -> frame.containsKey("payload") && !Long.valueOf(1).equals(frame.get("seq")));
            client.text(frame("subscribe", "thread_id", "f06-replay", "after_seq", 0));
            Map<String, Object> subscribed = client.await("subscribed");

            assertThat(reader.take(subscribed)).isFalse();
            reader.to("agent_completed", client);
            assertThat(reader.answer()).isEqualTo("to be or not to be");
        }
    }

    @Test
    void f09_who_comes_and_vanishes_is_no_error_and_starts_no_work() throws Exception {
        String script = """
                connection 1: after request: rst
                connection 2: on 101: rst
                connection 3: after 101: rst
                connection 4: after 101: fin
                """;
        try (TestServer own = TestServer.start();
                EdgeStand stand = new EdgeStand(own, script)) {
            for (int connection = 1; connection <= 4; connection++) {
                assertThat(stand.client().send(upgrade("/v1/ws?thread_id=f09")).ends())
                        .isTrue();
            }
            RawClient fifth = stand.client().open("/v1/ws?thread_id=f09");
            stand.awaitCount(3, "handfast_connections_closed_total", "reason=\"peer_vanished\"");

            // Whether the first was opened before its end was seen is open.
            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(stand.counted("handfast_connections_opened_total"))
                            .isEqualTo(1
                                    + stand.counted("handfast_connections_closed_total", "reason=\"peer_vanished\"")));
            assertThat(stand.counted("handfast_runs_started_total")).isZero();
            fifth.text(message("f09", "m"));
            fifth.await("agent_completed");
        }
    }

    @Test
    void f15_pongs_of_a_gateway_prove_no_application() throws Exception {
        try (EdgeStand stand = new EdgeStand(strict, "always: answer-pings server")) {
            RawClient silent = stand.client().send(upgrade("/v1/ws", APPLICATION));
            assertThat(silent.head().status()).isEqualTo(101);
            RawClient.Frame frame = silent.frame();
            while (!frame.isClose()) {
                assertThat(frame.json()).containsEntry("type", "handshake_validation");
                frame = silent.frame();
            }
            assertThat(frame.closeCode()).isEqualTo(4002);
        }
        try (EdgeStand stand = new EdgeStand(server, "always: answer-pings server")) {
            RawClient client = stand.client().send(upgrade("/v1/ws", APPLICATION));
            assertThat(client.head().status()).isEqualTo(101);
            ack(client, client.data().json());
            assertThat(client.await("connection_ready")).containsEntry("proof", "application");
        }
    }
}
