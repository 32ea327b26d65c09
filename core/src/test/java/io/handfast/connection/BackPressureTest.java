package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.CloseCode;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocked output: F11, F17, F24 and close code 4000. */
final class BackPressureTest {
    private ConnectionFixture c =
            connection().limits(patient(Duration.ofMinutes(10))).born();

    private static ConnectionLimits patient(Duration heartbeat) {
        ConnectionLimits d = ConnectionLimits.ofDefaults();
        return new ConnectionLimits(
                heartbeat,
                d.maxAge(),
                d.heldFrames(),
                d.heldBytes(),
                d.slowConsumer(),
                d.closeTimeout(),
                d.readBytes(),
                d.pendingRequests(),
                d.subscriptions());
    }

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void stops_reading_from_the_log_and_goes_on_where_it_was() {
        c.ready().subscribed("t", 3).block().moveHead("t").nothingRemains();
        c.unblock().readAfter("t", 3).answerRead("t", 4, 5).events("t", 4, 5);
    }

    @Test
    void reads_again_later_what_comes_while_output_is_blocked() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3);
        c.block().answerRead("t", 4, 5).nothingRemains();
        c.unblock().readAfter("t", 3).answerRead("t", 4, 5).events("t", 4, 5);
    }

    @Test
    void puts_off_pongs_and_sends_only_the_last() {
        c.ready().block().sendPing("a").sendPing("b").nothingRemains();
        c.unblock().pong("b");
    }

    @Test
    void closes_with_4000_at_once_after_30_s_without_progress() {
        c.ready().subscribed("t", 3).block();
        double blocked = c.millis();
        c.silentUntil(blocked + 30_000)
                .unwatch("t")
                .close(CloseCode.SLOW_CONSUMER)
                .transportClosed(true);
        assertThat(c.cause().reason()).isEqualTo("slow_consumer");
    }

    @Test
    void counts_from_the_last_progress() {
        c.ready().block();
        for (int i = 0; i < 5; i++) {
            c.pass(Duration.ofSeconds(29)).write();
        }
        double progress = c.millis();
        c.silentUntil(progress + 30_000).close(CloseCode.SLOW_CONSUMER).transportClosed(true);
    }

    @Test
    void counts_no_more_once_output_flows() {
        c.ready().block().pass(Duration.ofSeconds(29)).unblock().pass(Duration.ofSeconds(60));
        c.inState(ConnectionState.READY);
    }

    @Test
    void takes_a_101_that_does_not_get_out_for_blocked_output() {
        c = connection().strategy(Strategy.BASIC).born();
        c.handOver101().silentUntil(30_000).close(CloseCode.SLOW_CONSUMER).transportClosed(true);
    }

    @Test
    void sends_no_heartbeat_into_blocked_output_and_gives_up_a_peer_without_any_sign_of_life() {
        c = connection().limits(patient(Duration.ofSeconds(5))).born();
        c.ready().block();
        double blocked = c.millis();
        c.silentUntil(blocked + 10_000).close(CloseCode.PEER_GONE);
    }
}
