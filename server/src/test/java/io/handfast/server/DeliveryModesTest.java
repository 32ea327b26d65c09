package io.handfast.server;

import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.server.EdgeStand.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient;
import io.handfast.netty.RawReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The modes of docs/failure-modes.md while events travel, made by an edge between a running server and its clients. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryModesTest {
    private static final String WORDS =
            IntStream.range(0, 60).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    private static final String PEER_GONE = "reason=\"peer_gone\"";

    private final LogLines log = LogLines.of("io.handfast");
    private TestServer server;

    /** Gives up a silent peer after 2 s. */
    private TestServer impatient;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
        impatient = TestServer.start("HANDFAST_HEARTBEAT_MS", "1000");
    }

    @AfterEach
    void nothing_is_our_error() {
        assertThat(log.warnings()).isEmpty();
    }

    @AfterAll
    void stop() {
        log.close();
        server.close();
        impatient.close();
    }

    @Test
    void f07_f08_readers_that_come_in_the_middle_of_an_answer_get_history_and_live_without_a_seam() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "always: delay both 1ms")) {
            stand.say("f07", "m", WORDS, "chunk_delay_ms", 8);
            RawReader[] readers = new RawReader[6];
            RawClient[] clients = new RawClient[readers.length];
            for (int i = 0; i < readers.length; i++) {
                readers[i] = new RawReader("f07");
                clients[i] = stand.client().open(readers[i].target());
                // The next one comes when this one has read so far, in the midst of the answer.
                readers[i].to(6 + 5L * i, clients[i]);
            }
            for (int i = 0; i < readers.length; i++) {
                readers[i].to("agent_completed", clients[i]);
                assertThat(readers[i].answer()).isEqualTo(WORDS);
            }
        }
    }

    @Test
    void f10_a_failed_line_has_one_cause_and_is_no_error_of_ours() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "connection 2: on frame 14 text from server: rst")) {
            // A name of its own tells its lines from those of connections of other tests that have yet to end.
            RawReader reader = new RawReader("f10");
            String target = reader.target() + "&user=f10";
            RawClient asking = stand.client().open(target);
            asking.text(frame(
                    "user_message",
                    "thread_id",
                    "f10",
                    "message_id",
                    "m",
                    "agent",
                    "echo",
                    "text",
                    WORDS,
                    "options",
                    Map.of("chunk_delay_ms", 100)));
            assertThat(stand.client().open(target).ends()).isTrue();
            // The answer goes on, and so do the writes to a connection that is gone.
            reader.to("agent_completed", asking);

            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(log.all())
                            .filteredOn(line -> line.contains("connection closed") && line.contains("user=\"f10\""))
                            .singleElement()
                            .asString()
                            .contains("who=", "code=", "phase=", "age_ms=", "reason=\"peer_vanished\""));
        }
    }

    @Test
    void f11_a_black_hole_is_given_up_and_the_reader_goes_on_where_it_was() throws Exception {
        try (EdgeStand stand =
                new EdgeStand(impatient, "connection 1: after frame 5 text from server: blackhole both")) {
            double gone = stand.counted("handfast_connections_closed_total", PEER_GONE);
            stand.say("f11", "m", WORDS, "chunk_delay_ms", 60);
            RawReader reader = new RawReader("f11");
            reader.to(3, stand.client().open(reader.target()));
            stand.awaitCount(gone + 1, "handfast_connections_closed_total", PEER_GONE);

            reader.to("agent_completed", stand.client().open(reader.target()));
            assertThat(reader.answer()).isEqualTo(WORDS);
        }
    }

    @Test
    void f12_writes_into_a_connection_that_has_ended_are_sent_again_on_resume() throws Exception {
        String script = """
                connection 1: on fin from client: drop
                connection 1: on fin from client: note gone
                connection 1: on fin from client: blackhole server
                """;
        try (EdgeStand stand = new EdgeStand(server, script)) {
            stand.say("f12", "m1", "one two");
            RawReader reader = new RawReader("f12");
            RawClient client = stand.client().open(reader.target());
            reader.to("agent_completed", client);
            client.close();
            stand.awaitLine("gone");
            double delivered = stand.counted("handfast_events_delivered_total");
            stand.say("f12", "m2", "three four");
            stand.awaitCount(delivered + 8, "handfast_events_delivered_total");

            reader.to(16, stand.client().open(reader.target()));
            assertThat(reader.answer()).isEqualTo("one twothree four");
        }
    }

    @Test
    void f13_an_idle_connection_outlives_the_reaper_that_counts_bytes_and_the_one_that_counts_data() throws Exception {
        String script = "always: idle-kill 5s counting bytes; idle-kill 5s counting data from server";
        try (EdgeStand stand = new EdgeStand(impatient, script)) {
            RawClient client = stand.client().open("/v1/ws");
            // A beat comes after 850 ms at least.
            for (int beat = 0; beat < 7; beat++) {
                client.await("heartbeat");
            }
        }
    }

    @Test
    void f13_a_reaper_that_is_faster_costs_a_reconnect_and_no_event() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "connection 1: always: idle-kill 3s counting bytes by rst")) {
            RawReader reader = new RawReader("f13");
            stand.say("f13", "m1", "one ");
            RawClient client = stand.client().open(reader.target());
            reader.to("agent_completed", client);
            assertThat(client.ends()).isTrue();
            stand.say("f13", "m2", "two");

            reader.to(14, stand.client().open(reader.target()));
            assertThat(reader.answer()).isEqualTo("one two");
        }
    }

    @Test
    void f14_a_connection_is_rotated_before_the_lifetime_of_the_edge_ends() throws Exception {
        try (TestServer own = TestServer.start("HANDFAST_MAX_AGE_MS", "3000");
                EdgeStand stand = new EdgeStand(own, "always: lifetime-kill 60s by rst")) {
            RawReader reader = new RawReader("f14");
            stand.say("f14", "m", "one");
            RawClient client = stand.client().open(reader.target());
            reader.to("agent_completed", client);

            assertThat(client.await("draining")).containsEntry("reason", "max_age");
            assertThat(client.closeCode()).isEqualTo(4001);
        }
    }

    @Test
    void f14_a_cut_in_the_midst_of_a_burst_loses_nothing() throws Exception {
        String script = """
                connection 1: after frame 6 text from server: rst
                connection 2: on frame 3 text from server: rst
                connection 3: on frame 3 text from server: lifetime-kill 50ms by rst
                connection 4: on frame 3 text from server: fin
                """;
        try (EdgeStand stand = new EdgeStand(server, script)) {
            stand.say("f14-burst", "m", WORDS, "chunk_delay_ms", 50);
            RawReader reader = new RawReader("f14-burst");
            for (int connection = 1; connection <= 4; connection++) {
                readUntilCut(reader, stand.client());
            }
            reader.to(66, stand.client().open(reader.target()));
            assertThat(reader.answer()).isEqualTo(WORDS);
        }
    }

    private static void readUntilCut(RawReader reader, RawClient client) {
        try {
            reader.to(Long.MAX_VALUE, client.open(reader.target()));
        } catch (UncheckedIOException cut) {
            assertThat(cut).hasMessageMatching(".*(reset|EOF).*");
        }
    }

    @Test
    void f15_where_pings_are_eaten_the_data_heartbeat_keeps_both_sides_sure() throws Exception {
        try (EdgeStand stand = new EdgeStand(impatient, "always: eat-pings server")) {
            RawClient client = stand.client().send(upgrade("/v1/ws"));
            assertThat(client.head().status()).isEqualTo(101);
            client.text(frame("heartbeat"));
            client.await("connection_ready");
            for (int beat = 0; beat < 4; beat++) {
                client.await("heartbeat");
                client.text(frame("heartbeat_ack"));
            }
            // Four beats are more than the two intervals after which it would be gone.
            client.text(frame("heartbeat"));
            client.await("heartbeat_ack");
        }
    }

    @Test
    void f16_a_dead_application_behind_a_live_stack_shows_as_lag() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "always: answer-pings server")) {
            stand.say("f16", "m", "one two");
            RawReader reader = new RawReader("f16");
            RawClient client = stand.client().send(upgrade(reader.target()));
            assertThat(client.head().status()).isEqualTo(101);
            reader.to("agent_completed", client);
            double before = stand.counted("handfast_reader_lag_sum");
            client.text(frame("ack", "thread_id", "f16", "seq", 3));

            stand.awaitCount(before + 5, "handfast_reader_lag_sum");
        }
    }

    @Test
    void f17_a_peer_that_takes_what_is_sent_slowly_is_not_gone() throws Exception {
        // Gone after 4 s without a sign of life.
        // Nothing comes from the client before four fifths have reached it, in 6 s or more.
        String script = """
                always: dribble server 16384 bytes every 10ms
                after frame 2 text from server: hold client until frame 90 text from server
                """;
        try (TestServer own = TestServer.start("HANDFAST_HEARTBEAT_MS", "2000");
                EdgeStand stand = new EdgeStand(own, script)) {
            long last = stand.fill("f17", 16);
            RawReader reader = new RawReader("f17");

            reader.to(last, stand.client().open(reader.target()));

            assertThat(stand.counted("handfast_connections_closed_total")).isZero();
        }
    }

    @Test
    void f21_a_message_whose_acknowledgement_was_lost_is_acknowledged_again_and_runs_once() throws Exception {
        try (EdgeStand stand = new EdgeStand(server, "connection 1: on frame 2 text from server: drop; rst")) {
            double runs = stand.counted("handfast_runs_started_total");
            String message =
                    frame("user_message", "thread_id", "f21", "message_id", "m", "agent", "echo", "text", "once");
            RawClient first = stand.client().open("/v1/ws").text(message);
            assertThat(first.ends()).isTrue();
            stand.awaitLine("dropped text frame 2 from server");

            RawReader reader = new RawReader("f21");
            RawClient second = stand.client().open(reader.target()).text(message);
            Map<String, Object> accepted = second.await(frame -> {
                reader.take(frame);
                return "message_accepted".equals(frame.get("type"));
            });

            assertThat(accepted).containsEntry("duplicate", true).containsEntry("seq", 1L);
            reader.to(7, second);
            assertThat(reader.answer()).isEqualTo("once");
            assertThat(stand.counted("handfast_runs_started_total")).isEqualTo(runs + 1);
        }
    }

    @Test
    void f22_the_end_of_an_old_connection_takes_nothing_from_the_new_one() throws Exception {
        String script = "connection 1: on fin from client: barrier reconnected";
        try (EdgeStand stand = new EdgeStand(server, script)) {
            double ended = stand.counted("handfast_connections_closed_total", "reason=\"peer_vanished\"");
            RawReader reader = new RawReader("f22");
            stand.say("f22", "m1", "one ");
            RawClient old = stand.client().open(reader.target());
            reader.to("agent_completed", old);
            old.close();
            stand.awaitBarrier("reconnected");
            // One for each event loop: they take connections in turn, so that one of these shares the loop of the old.
            List<RawClient> current = new ArrayList<>();
            for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
                current.add(stand.client().open(reader.target()));
                current.get(i).await("subscribed");
            }
            stand.release("reconnected");
            stand.awaitCount(ended + 1, "handfast_connections_closed_total", "reason=\"peer_vanished\"");

            stand.say("f22", "m2", "two");
            for (RawClient client : current) {
                client.await("agent_completed");
            }
        }
    }

    @Test
    void f24_a_reader_that_takes_nothing_holds_up_nobody_and_goes_on_later() throws Exception {
        String script = "connection 1: after frame 2 text from server: stop-read server";
        try (TestServer own = TestServer.start("HANDFAST_SLOW_CONSUMER_MS", "1500");
                EdgeStand stand = new EdgeStand(own, script)) {
            long last = stand.fill("f24", 16);
            RawReader slow = new RawReader("f24");
            stand.client().open(slow.target()).await("subscribed");
            RawReader other = new RawReader("f24-other");
            RawClient brisk = stand.client().open(other.target());
            for (int i = 0; i < 10; i++) {
                brisk.text(frame(
                        "user_message",
                        "thread_id",
                        "f24-other",
                        "message_id",
                        "m" + i,
                        "agent",
                        "echo",
                        "text",
                        "hi"));
                other.to("agent_completed", brisk);
            }
            stand.awaitCount(1, "handfast_connections_closed_total", "reason=\"slow_consumer\"");

            slow.to(last, stand.client().open(slow.target()));
        }
    }
}
