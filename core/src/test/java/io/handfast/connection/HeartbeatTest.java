package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.CloseCode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R7, R8 and close code 4003; the rule is at {@link Heartbeat}. */
final class HeartbeatTest {
    private static final long INTERVAL_NANOS = Duration.ofSeconds(20).toNanos();

    private final ConnectionFixture c = connection().born();

    @BeforeEach
    void ready() {
        c.ready();
    }

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    /** Lets time pass until the next beat; how long that took. */
    private Duration beat() {
        Duration silence = c.untilDeadline();
        c.pass(silence).beat();
        return silence;
    }

    @Test
    void does_not_begin_before_ready() {
        ConnectionFixture unproven = connection().born();
        unproven.accept();
        assertThat(unproven.untilDeadline()).isEqualTo(Duration.ofMillis(50));
    }

    @Test
    void pings_and_sends_a_data_heartbeat_after_85_to_100_per_cent_of_an_interval_of_silence() {
        double shortest = 1;
        double longest = 0;
        for (int i = 0; i < 150; i++) {
            double part = (double) beat().toNanos() / INTERVAL_NANOS;
            assertThat(part).isBetween(0.85, 1.0);
            shortest = Math.min(shortest, part);
            longest = Math.max(longest, part);
            c.answerLastPing();
        }
        assertThat(longest - shortest).as("jitter").isGreaterThan(0.1);
    }

    @Test
    void is_put_off_while_both_sides_talk() {
        c.subscribed("t", 0);
        for (long seq = 1; seq <= 10; seq++) {
            c.pass(Duration.ofSeconds(16)).moveHead("t").readAfter("t", seq - 1);
            c.answerRead("t", seq, seq).events("t", seq, seq).readBytes();
        }
    }

    @Test
    void goes_out_when_only_the_client_talks_for_some_edges_count_the_server_only() {
        for (int second = 4; second <= 16; second += 4) {
            c.pass(Duration.ofSeconds(4)).readBytes();
        }
        c.pass(Duration.ofSeconds(4)).beat();
    }

    @Test
    void goes_out_when_only_the_server_talks_for_it_is_the_question_whether_the_peer_is_there() {
        c.subscribed("t", 0);
        for (long seq = 1; seq <= 4; seq++) {
            c.pass(Duration.ofSeconds(4)).moveHead("t").readAfter("t", seq - 1);
            c.answerRead("t", seq, seq).events("t", seq, seq);
        }
        c.pass(Duration.ofSeconds(4)).beat();
    }

    @Test
    void declares_the_peer_gone_after_two_whole_intervals_of_silence() {
        double ready = c.millis();
        beat();
        beat();
        c.silentUntil(ready + 40_000).close(CloseCode.PEER_GONE);
        assertThat(c.cause().who()).isEqualTo(CloseCause.Who.NETWORK);
    }

    @Test
    void is_answered_by_a_pong() {
        for (int i = 0; i < 10; i++) {
            beat();
            c.answerLastPing();
        }
        c.inState(ConnectionState.READY);
    }

    @Test
    void is_answered_by_a_heartbeat_ack_where_an_edge_eats_the_pongs() {
        for (int i = 0; i < 10; i++) {
            beat();
            c.send("{\"type\":\"heartbeat_ack\"}");
        }
        c.inState(ConnectionState.READY);
    }

    @Test
    void takes_any_inbound_byte_for_life() {
        for (int i = 0; i < 10; i++) {
            beat();
            c.readBytes();
        }
        c.inState(ConnectionState.READY);
    }

    @Test
    void takes_write_progress_for_life_only_while_output_is_blocked() {
        double ready = c.millis();
        beat();
        c.write();
        beat();
        c.write().silentUntil(ready + 40_000).close(CloseCode.PEER_GONE);
    }

    @Test
    void leaves_a_peer_alone_that_reads_slowly_and_sends_nothing() {
        c.block();
        for (int i = 0; i < 20; i++) {
            c.pass(Duration.ofSeconds(19)).write();
        }
        c.inState(ConnectionState.READY);
        c.unblock().pass(Duration.ofSeconds(20)).beat();
    }

    @Test
    void takes_output_that_flows_again_for_life() {
        c.block().pass(Duration.ofSeconds(25)).unblock();
        double life = c.millis();
        beat();
        beat();
        c.silentUntil(life + 40_000).close(CloseCode.PEER_GONE);
    }

    @Test
    void does_not_blame_the_peer_while_nobody_reads_from_it() {
        for (int i = 0; i < 64; i++) {
            c.sendMessage("t", "m" + i);
            c.post();
        }
        for (int i = 0; i < 10; i++) {
            beat();
        }
        c.inState(ConnectionState.READY);
        c.acceptMessage("t", "m1");
        c.frame("message_accepted");
        double heard = c.millis();
        beat();
        beat();
        c.silentUntil(heard + 40_000).close(CloseCode.PEER_GONE);
    }
}
