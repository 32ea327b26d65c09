package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.CloseCause.Who;
import io.handfast.connection.Effect.Observation;
import io.handfast.log.Slice;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One close cause, one last word, nothing after it (R9, F09, F10, F18). */
final class ClosingTest {
    private ConnectionFixture c = connection().born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1005, 1011, 1012, 1014, 3000, 4000, 4500, 4999})
    void sends_the_peers_code_back(int code) {
        c.ready().subscribed("t", 3).sendClose(code).unwatch("t");
        assertThat(c.next(Effect.SendClose.class)).isEqualTo(new Effect.SendClose(code, ""));
        c.transportClosed(false);
        assertThat(c.cause().who()).isEqualTo(Who.PEER);
        assertThat(c.cause().code()).isEqualTo(code);
        assertThat(c.cause().reason()).isEqualTo("peer_closed");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1006, 1015, 2999, 5000})
    void answers_a_code_that_nobody_may_send_with_1002(int code) {
        c.ready().sendClose(code);
        assertThat(c.next(Effect.SendClose.class)).isEqualTo(new Effect.SendClose(1002, ""));
        c.transportClosed(false);
        assertThat(c.cause().reason()).isEqualTo("bad_close_code");
    }

    @Test
    void a_peer_that_vanishes_is_a_normal_outcome() {
        c.accept();
        c.ping();
        c.vanish(null).transportClosed(false);
        assertThat(c.cause())
                .isEqualTo(new CloseCause(Who.PEER, 1006, "peer_vanished", ConnectionState.PROVING, 0, null));
    }

    @Test
    void a_clock_that_is_read_out_of_order_does_not_turn_time_back() {
        c.accept();
        c.ping();
        c.passUnnoticed(Duration.ofMillis(-5)).vanish(null).transportClosed(false);
        assertThat(c.cause().ageNanos()).isZero();
    }

    @Test
    void a_failed_transport_is_the_networks_doing() {
        c.ready().pass(Duration.ofSeconds(1)).vanish("Connection reset").transportClosed(true);
        assertThat(c.cause())
                .isEqualTo(new CloseCause(
                        Who.NETWORK, 1006, "peer_vanished", ConnectionState.READY, 1_000_000_000, "Connection reset"));
    }

    @Test
    void reads_on_behind_its_own_close_until_the_peers() {
        c.ready().revoke().close(CloseCode.UNAUTHORIZED).pass(Duration.ofSeconds(1));
        assertThat(c.connection.wantsInput()).isTrue();
        c.sendMessage("t", "m").sendPing("p").nothingRemains().sendClose(4500).transportClosed(false);
        assertThat(c.cause().who()).isEqualTo(Who.SERVER);
    }

    @Test
    void reads_on_behind_its_own_close_until_the_end_of_stream() {
        c.ready().revoke().close(CloseCode.UNAUTHORIZED).vanish(null).transportClosed(false);
        assertThat(c.cause().code()).isEqualTo(4500);
    }

    @Test
    void waits_for_the_peers_close_2_s_and_no_longer() {
        c.ready().revoke().close(CloseCode.UNAUTHORIZED).silentUntil(2000).transportClosed(true);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNSUPPORTED_DATA", "INVALID_UTF8", "MESSAGE_TOO_BIG", "PROTOCOL_VIOLATION"})
    void closes_at_once_on_a_violation(CloseCode code) {
        c.ready().violate(code).close(code);
        assertThat(c.cause().detail()).isEqualTo("test");
    }

    @Test
    void stays_with_the_first_cause_whatever_follows() {
        c.ready().violate(CloseCode.INVALID_UTF8).close(CloseCode.INVALID_UTF8);
        c.revoke()
                .drain(Duration.ofSeconds(1))
                .violate(CloseCode.MESSAGE_TOO_BIG)
                .sendClose(1000);
        c.transportClosed(false).vanish("late").sendClose(1001).pass(Duration.ofMinutes(1));
        assertThat(c.cause().code()).isEqualTo(1007);
        assertThat(c.observed(Observation.Closed.class).cause()).isEqualTo(c.cause());
        assertThat(c.hasObserved(Observation.Closed.class)).isFalse();
    }

    @Test
    void ignores_answers_that_come_too_late() {
        c.ready().subscribed("t", 3).moveHead("t").readAfter("t", 3);
        c.sendMessage("t", "m").sendSubscribe("u");
        c.post();
        c.claim("u");
        c.revoke().unwatch("t").close(CloseCode.UNAUTHORIZED);
        c.answerRead("t", new Slice.Unavailable("x")).refuseMessage("t", "m", ErrorCode.UNAVAILABLE);
        c.grantClaim("u", 1, 1).moveHead("t").block().unblock().write();
    }
}
