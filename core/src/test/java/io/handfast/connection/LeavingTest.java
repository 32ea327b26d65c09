package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static io.handfast.connection.ConnectionFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Slice;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Drain and rotation: {@code draining}, then pending events, then 1012 or 4001 (F14, F19, F20). */
final class LeavingTest {
    private static final Duration WINDOW = Duration.ofSeconds(6);
    private static final double MAX_AGE_MILLIS = Duration.ofMinutes(55).toMillis();

    private ConnectionFixture c = connection().born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void an_idle_connection_is_told_and_closed_at_once() {
        c.ready().subscribed("t", 3).drain(WINDOW);
        assertThat(c.frame("draining"))
                .containsEntry("reconnect_after_ms", 700L)
                .containsEntry("reason", "shutdown");
        c.unwatch("t").close(CloseCode.SERVICE_RESTART);
        assertThat(c.cause().phase()).isEqualTo(ConnectionState.DRAINING);
    }

    @Test
    void pending_events_leave_first() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3).drain(WINDOW);
        c.frame("draining");
        c.inState(ConnectionState.DRAINING)
                .answerReadWithMore("t", 4, 5)
                .events("t", 4, 5)
                .readAfter("t", 5);
        c.answerRead("t", 6, 6).events("t", 6, 6).unwatch("t").close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void a_run_that_has_begun_may_end_first() {
        c.ready().subscribed("t", 0).moveHead("t").readAfter("t", 0);
        c.answerRead("t", new Slice.Events(List.of(entry("t", 1, EventType.USER_MESSAGE, "r")), false));
        c.events("t", 1, 1).drain(WINDOW);
        c.frame("draining");
        c.pass(Duration.ofSeconds(2))
                .inState(ConnectionState.DRAINING)
                .moveHead("t")
                .readAfter("t", 1);
        c.answerRead("t", new Slice.Events(List.of(entry("t", 2, EventType.AGENT_ERROR, "r")), false));
        c.events("t", 2, 2).unwatch("t").close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void answers_that_are_owed_leave_first() {
        c.ready().sendMessage("t", "m").drain(WINDOW);
        c.post();
        c.frame("draining");
        c.nothingRemains().acceptMessage("t", "m");
        c.frame("message_accepted");
        c.close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void a_log_that_is_unavailable_is_asked_again_first() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3);
        c.answerRead("t", new Slice.Unavailable("disk")).error(ErrorCode.UNAVAILABLE, "subscribe");
        double failed = c.millis();
        c.drain(WINDOW);
        c.frame("draining");
        c.silentUntil(failed + 100).readAfter("t", 3).answerRead("t", 4, 4).events("t", 4, 4);
        c.unwatch("t").close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void blocked_output_may_flow_first() {
        c.ready().block().drain(WINDOW);
        c.frame("draining");
        c.nothingRemains().unblock().close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void whatever_is_pending_the_deadline_is_kept() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3).drain(WINDOW);
        double told = c.millis();
        c.frame("draining");
        c.silentUntil(told + 6000).unwatch("t").close(CloseCode.SERVICE_RESTART);
        assertThat(c.cause().detail()).isEqualTo("deadline");
        c.answerRead("t", 4, 4);
    }

    @Test
    void new_work_is_refused_and_the_rest_goes_on() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3).drain(WINDOW);
        c.frame("draining");
        c.sendMessage("t", "m").error(ErrorCode.DRAINING, "user_message");
        c.sendSubscribe("u").error(ErrorCode.DRAINING, "subscribe");
        c.sendSubscribe("t").error(ErrorCode.DRAINING, "subscribe");
        c.sendAck("t", 3).send("{\"type\":\"heartbeat\"}");
        c.frame("heartbeat_ack");
        c.send("{\"type\":\"cancel_run\",\"thread_id\":\"t\",\"run_id\":\"r\"}");
        c.next(Effect.CancelRun.class);
        c.sendPing("p").pong("p").inState(ConnectionState.DRAINING);
    }

    @Test
    void before_ready_the_close_comes_at_once_without_draining() {
        c.drain(WINDOW).close(CloseCode.SERVICE_RESTART);
        assertThat(c.cause().phase()).isEqualTo(ConnectionState.ACCEPTED);
        c = connection().born();
        c.accept();
        c.ping();
        c.drain(WINDOW).close(CloseCode.SERVICE_RESTART);
        assertThat(c.cause().phase()).isEqualTo(ConnectionState.PROVING);
    }

    @Test
    void a_second_drain_can_only_shorten_the_first() {
        c.ready().sendMessage("t", "m").drain(WINDOW);
        c.post();
        c.frame("draining");
        double told = c.millis();
        c.drain(Duration.ofSeconds(9)).drain(Duration.ofSeconds(2)).silentUntil(told + 2000);
        c.close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void at_its_maximum_age_a_connection_is_rotated_with_4001() {
        keepAlive(c.ready(), MAX_AGE_MILLIS);
        assertThat(c.frame("draining")).containsEntry("reason", "max_age").containsEntry("reconnect_after_ms", 0L);
        c.close(CloseCode.MAX_AGE);
    }

    @Test
    void rotation_lets_pending_events_leave_within_5_s() {
        keepAlive(c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3), MAX_AGE_MILLIS);
        c.frame("draining");
        c.silentUntil(MAX_AGE_MILLIS + 5000).unwatch("t").close(CloseCode.MAX_AGE);
    }

    @Test
    void a_shutdown_during_a_rotation_is_a_shutdown() {
        keepAlive(c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3), MAX_AGE_MILLIS);
        c.frame("draining");
        c.drain(WINDOW);
        assertThat(c.frame("draining")).containsEntry("reason", "shutdown");
        c.silentUntil(MAX_AGE_MILLIS + 5000).unwatch("t").close(CloseCode.SERVICE_RESTART);
    }

    @Test
    void before_ready_the_maximum_age_closes_at_once() {
        ConnectionLimits d = ConnectionLimits.ofDefaults();
        c = connection()
                .strategy(Strategy.BASIC)
                .limits(new ConnectionLimits(
                        d.heartbeat(),
                        Duration.ofSeconds(1),
                        d.heldFrames(),
                        d.heldBytes(),
                        d.slowConsumer(),
                        d.closeTimeout(),
                        d.readBytes(),
                        d.pendingRequests(),
                        d.subscriptions()))
                .born();
        c.handOver101().silentUntil(1000).close(CloseCode.MAX_AGE);
    }

    /** Until the instant, the peer answers every beat. */
    private static void keepAlive(ConnectionFixture c, double untilMillis) {
        while (true) {
            Duration wait = c.untilDeadline();
            if (c.millis() + wait.toNanos() / 1e6 >= untilMillis) {
                c.pass(wait);
                return;
            }
            c.pass(wait).beat().answerLastPing();
        }
    }
}
