package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Effect.Observation;
import io.handfast.log.Position;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The modes of docs/failure-modes.md as sequences of calls, where the machine is what makes them harmless. */
final class FailureModesTest {
    private ConnectionFixture c =
            connection().subscription("t", new Position.After(3, "e1")).born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void f01_a_held_101_lets_nothing_but_questions_leave() {
        c.accept();
        c.ping();
        c.write().silentUntil(50);
        c.ping();
        c.silentUntil(150);
        c.ping();
        c.write().nothingRemains().answerPing(1);
        c.frame("connection_ready");
        c.claim("t");
    }

    @Test
    void f02_a_first_frame_that_is_dropped_costs_a_repeat_and_no_event() {
        c.accept();
        c.ping();
        c.silentUntil(50);
        c.ping();
        c.answerPing(2);
        c.frame("connection_ready");
        c.claim("t").grantClaim("t", 1, 4);
        c.frame("subscribed");
        c.watch("t").readAfter("t", 3).answerRead("t", 4, 4).events("t", 4, 4);
    }

    @Test
    void f03_a_frame_behind_the_upgrade_request_waits_for_ready() {
        c.sendEarly("{\"type\":\"heartbeat\"}").accept();
        c.ping();
        c.nothingRemains().answerLastPing();
        c.frame("connection_ready");
        c.claim("t");
        c.frame("heartbeat_ack");
    }

    @Test
    void f06_a_late_handler_of_the_client_is_waited_for() {
        c = connection().application().born();
        c.accept();
        c.challenge(1).answerLastPing().silentUntil(50);
        c.challenge(2).answerLastPing().silentUntil(150);
        c.challenge(3).nothingRemains().sendHandshakeAck();
        assertThat(c.frame("connection_ready")).containsEntry("proof", "application");
    }

    @Test
    void f07_f08_an_event_between_claim_and_first_read_is_delivered() {
        c.accept();
        c.ping();
        c.answerLastPing();
        c.frame("connection_ready");
        c.claim("t").grantClaim("t", 1, 3);
        assertThat(c.frame("subscribed")).containsEntry("head_seq", 3L).containsEntry("from_seq", 4L);
        c.watch("t")
                .readAfter("t", 3)
                .moveHead("t")
                .answerRead("t", 4, 4)
                .events("t", 4, 4)
                .readAfter("t", 4);
    }

    @Test
    void f09_a_peer_that_is_gone_at_once_starts_no_work() {
        c.accept();
        c.ping();
        c.vanish(null).transportClosed(false);
        assertThat(c.observed(Observation.Closed.class).cause().reason()).isEqualTo("peer_vanished");
    }

    @Test
    void f10_a_disconnect_has_one_cause_whatever_fails_later() {
        c.readyWith("t", 3).vanish("Broken pipe").unwatch("t").transportClosed(true);
        c.send("{\"type\":\"heartbeat\"}").write().vanish("again").moveHead("t");
        assertThat(c.cause().detail()).isEqualTo("Broken pipe");
    }

    @Test
    void f11_a_black_hole_is_left_although_the_kernel_takes_everything() {
        c.readyWith("t", 3);
        double ready = c.millis();
        long seq = 3;
        for (int second = 5; second < 40; second += 5) {
            c.pass(Duration.ofSeconds(5)).skipBeats().write().moveHead("t").readAfter("t", seq);
            c.answerRead("t", seq + 1, seq + 1).events("t", seq + 1, seq + 1);
            seq++;
        }
        c.pass(Duration.ofNanos((long) ((ready + 40_000 - c.millis()) * 1e6))).skipBeats();
        c.unwatch("t").close(CloseCode.PEER_GONE);
    }

    @Test
    void f12_what_was_lost_on_the_wire_is_sent_again_on_resume() {
        c.readyWith("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .answerRead("t", 4, 6)
                .events("t", 4, 6);
        c.vanish("reset").unwatch("t").transportClosed(true);
        c = connection().subscription("t", new Position.After(4, "e1")).born();
        c.accept();
        c.ping();
        c.answerLastPing();
        c.frame("connection_ready");
        c.claim("t", new Position.After(4, "e1")).grantClaim("t", 1, 6);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 5L).containsEntry("resumed", true);
        c.watch("t").readAfter("t", 4).answerRead("t", 5, 6).events("t", 5, 6);
    }

    @Test
    void f13_an_idle_connection_carries_data_within_every_interval() {
        c.readyWith("t", 3);
        for (int i = 0; i < 5; i++) {
            assertThat(c.untilDeadline()).isLessThanOrEqualTo(Duration.ofSeconds(20));
            c.pass(c.untilDeadline()).beat().answerLastPing();
        }
    }

    @Test
    void f15_a_gateway_that_answers_pings_proves_nothing_to_an_application() {
        c = connection().application().closeUnproven().born();
        c.accept();
        c.challenge(1).answerLastPing();
        int attempt = 1;
        while (c.untilDeadline().compareTo(Duration.ZERO) > 0 && attempt < 13) {
            c.pass(c.untilDeadline());
            c.challenge(++attempt).answerLastPing();
        }
        c.silentUntil(5000).close(CloseCode.HANDSHAKE_UNPROVEN);
    }

    @Test
    void f16_a_dead_application_on_a_live_stack_shows_as_lag() {
        c.readyWith("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .answerRead("t", 4, 9)
                .events("t", 4, 9);
        c.sendAck("t", 4);
        assertThat(c.observed(Observation.Acknowledged.class).lag()).isEqualTo(5);
    }

    @Test
    void f17_a_blocked_peer_that_makes_progress_is_alive() {
        c.readyWith("t", 3).block();
        for (int i = 0; i < 10; i++) {
            c.pass(Duration.ofSeconds(25)).write();
        }
        c.inState(ConnectionState.READY);
    }

    @Test
    void f18_f19_events_that_are_due_leave_before_the_close_and_reading_goes_on_behind_it() {
        c.readyWith("t", 3).moveHead("t").readAfter("t", 3).drain(Duration.ofSeconds(5));
        c.frame("draining");
        c.answerRead("t", 4, 4).events("t", 4, 4).unwatch("t").close(CloseCode.SERVICE_RESTART);
        c.sendAck("t", 4).nothingRemains().sendClose(1012).transportClosed(false);
    }

    @Test
    void f21_a_message_that_is_sent_again_is_accepted_again() {
        c.readyWith("t", 3).sendMessage("t", "m");
        assertThat(c.post().messageId()).isEqualTo("m");
        c.sendMessage("t", "m");
        assertThat(c.post().messageId()).isEqualTo("m");
        c.answerPost("t", "m", Outcome.done(new Posted(4, "r", false)));
        assertThat(c.frame("message_accepted")).containsEntry("duplicate", false);
        c.answerPost("t", "m", Outcome.done(new Posted(4, "r", true)));
        assertThat(c.frame("message_accepted")).containsEntry("duplicate", true).containsEntry("seq", 4L);
    }

    @Test
    void f24_a_slow_peer_is_closed_and_costs_nobody_else_anything() {
        c.readyWith("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .block()
                .answerRead("t", 4, 9)
                .nothingRemains();
        double blocked = c.millis();
        c.silentUntil(blocked + 30_000)
                .unwatch("t")
                .close(CloseCode.SLOW_CONSUMER)
                .transportClosed(true);
    }
}
