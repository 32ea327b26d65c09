package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Effect.Observation;
import io.handfast.log.Position;
import io.handfast.protocol.CloseCode;
import io.handfast.readiness.Proof;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The strategy {@code proof}: spec/protocol.md, "Establishing" and "Repeats of proof". */
final class ProofTest {
    private static final List<Integer> REPEATS_MILLIS =
            List.of(50, 150, 300, 800, 1300, 1800, 2300, 2800, 3300, 3800, 4300, 4800);

    private ConnectionFixture c = connection().born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void sends_a_ping_as_the_very_first_frame_and_is_ready_by_its_pong() {
        c.accept().inState(ConnectionState.PROVING);
        c.ping();
        c.nothingRemains().pass(Duration.ofMillis(2)).answerLastPing().inState(ConnectionState.READY);
        assertThat(c.frame("connection_ready"))
                .containsEntry("connection_id", "c-1")
                .containsEntry("user_id", "alice")
                .containsEntry("proof", "transport")
                .containsEntry("ready_ms", new BigDecimal("2.000"))
                .containsEntry("heartbeat_ms", 20_000L)
                .containsEntry("max_age_ms", 3_300_000L);
        assertThat(c.observed(Observation.Ready.class)).isEqualTo(new Observation.Ready(Proof.TRANSPORT, 1, 2_000_000));
    }

    @Test
    void does_not_wait_for_the_write_of_the_101_to_ping() {
        c.handOver101();
        c.ping();
    }

    @Test
    void settles_before_the_first_ping_and_counts_the_deadline_from_it() {
        c = connection().settle(Duration.ofMillis(30)).closeUnproven().born();
        c.accept().inState(ConnectionState.ACCEPTED).silentUntil(30);
        c.ping();
        for (int repeat : REPEATS_MILLIS) {
            c.silentUntil(30 + repeat);
            c.ping();
        }
        c.silentUntil(5030).close(CloseCode.HANDSHAKE_UNPROVEN);
    }

    @Test
    void counts_from_the_first_ping_also_when_that_comes_late() {
        c = connection().settle(Duration.ofMillis(30)).born();
        c.accept().passUnnoticed(Duration.ofMillis(45)).pass(Duration.ZERO);
        c.ping();
        for (int repeat : REPEATS_MILLIS) {
            c.silentUntil(45 + repeat);
            c.ping();
        }
        c.silentUntil(5045);
        c.frame("connection_ready");
    }

    @Test
    void is_proven_by_a_data_frame_that_came_while_it_settled_but_pings_first() {
        c = connection().settle(Duration.ofMillis(30)).born();
        c.accept().sendMessage("t", "m").silentUntil(30);
        c.ping();
        c.frame("connection_ready");
        assertThat(c.post().messageId()).isEqualTo("m");
    }

    @Test
    void asks_again_at_its_exact_times_and_degrades_at_the_deadline() {
        c.accept();
        c.ping();
        for (int repeat : REPEATS_MILLIS) {
            c.silentUntil(repeat);
            c.ping();
        }
        c.silentUntil(5000);
        assertThat(c.frame("connection_ready")).containsEntry("proof", "assumed");
        assertThat(c.observed(Observation.ProofMissed.class)).isEqualTo(new Observation.ProofMissed(13, true));
        assertThat(c.observed(Observation.Ready.class).proof()).isEqualTo(Proof.ASSUMED);
    }

    @Test
    void asks_an_application_with_the_same_validation_id_and_a_higher_attempt_each_time() {
        c = connection().application().closeUnproven().born();
        c.accept();
        c.ping();
        c.validation(1);
        int attempt = 1;
        for (int repeat : REPEATS_MILLIS) {
            c.silentUntil(repeat);
            c.ping();
            c.validation(++attempt);
        }
        c.silentUntil(5000).close(CloseCode.HANDSHAKE_UNPROVEN);
        assertThat(c.observed(Observation.ProofMissed.class)).isEqualTo(new Observation.ProofMissed(13, false));
        assertThat(c.cause())
                .isEqualTo(new CloseCause(
                        CloseCause.Who.SERVER,
                        4002,
                        "handshake_unproven",
                        ConnectionState.PROVING,
                        Duration.ofSeconds(5).toNanos(),
                        "after 13 attempts"));
    }

    @Test
    void does_not_make_up_for_repeats_that_a_late_tick_missed() {
        c.accept();
        c.ping();
        c.passUnnoticed(Duration.ofMillis(200)).pass(Duration.ZERO);
        c.ping();
        c.nothingRemains().silentUntil(300);
        c.ping();
    }

    @Test
    void takes_any_nonce_of_this_connection() {
        c.accept();
        c.ping();
        c.silentUntil(50);
        c.ping();
        c.answerPing(1).inState(ConnectionState.READY);
        c.frame("connection_ready");
    }

    @Test
    void takes_no_other_pong() {
        c.accept();
        byte[] nonce = c.ping();
        byte[] longer = Arrays.copyOf(nonce, 9);
        nonce[0]++;
        c.sendPong(nonce).sendPong(longer).sendPong(new byte[0]).sendPong(new byte[8]);
        c.inState(ConnectionState.PROVING);
    }

    @Test
    void takes_the_first_data_frame_of_a_plain_client_and_handles_it_after_ready() {
        c.accept();
        c.ping();
        c.sendSubscribe("t").inState(ConnectionState.READY);
        assertThat(c.frame("connection_ready")).containsEntry("proof", "transport");
        c.claim("t", new Position.Oldest());
        assertThat(c.hasObserved(Observation.InboundBeforeReady.class)).isFalse();
    }

    @Test
    void takes_even_a_data_frame_that_is_no_json() {
        c.accept();
        c.ping();
        c.send("hello");
        c.frame("connection_ready");
        assertThat(c.frame("error")).containsEntry("code", "bad_json");
    }

    @Test
    void takes_no_data_frame_that_came_before_the_101() {
        c.handOver101();
        c.ping();
        c.sendEarly("{\"type\":\"heartbeat\"}").write101().inState(ConnectionState.PROVING);
        c.answerLastPing();
        c.frame("connection_ready");
        c.frame("heartbeat_ack");
    }

    @Test
    void takes_from_an_application_nothing_but_the_right_handshake_ack() {
        c = connection().application().born();
        c.accept();
        c.ping();
        c.validation(1);
        c.answerLastPing()
                .send("{\"type\":\"heartbeat\"}")
                .send("{\"type\":\"handshake_ack\",\"validation_id\":\"0000000000000000\"}")
                .inState(ConnectionState.PROVING)
                .sendHandshakeAck()
                .inState(ConnectionState.READY);
        assertThat(c.frame("connection_ready")).containsEntry("proof", "application");
        c.frame("heartbeat_ack");
    }

    @Test
    void validates_plain_clients_too_when_told_to_and_honours_the_better_proof() {
        c = connection().validateAlways().born();
        c.accept();
        c.ping();
        c.validation(1).sendHandshakeAck();
        assertThat(c.frame("connection_ready")).containsEntry("proof", "application");
    }

    @Test
    void counts_a_proof_that_comes_after_the_degradation_once_and_changes_nothing() {
        c = degraded(connection());
        c.answerPing(3).answerPing(4).inState(ConnectionState.READY);
        assertThat(c.observed(Observation.LateProof.class))
                .isEqualTo(new Observation.LateProof(
                        Proof.TRANSPORT, Duration.ofMillis(40).toNanos()));
        assertThat(c.hasObserved(Observation.LateProof.class)).isFalse();
    }

    @Test
    void counts_a_late_handshake_ack_of_an_application_but_no_late_pong() {
        c = degraded(connection().application());
        c.answerPing(1).send("{\"type\":\"heartbeat\"}");
        c.frame("heartbeat_ack");
        assertThat(c.hasObserved(Observation.LateProof.class)).isFalse();
        c.sendHandshakeAck();
        assertThat(c.observed(Observation.LateProof.class).proof()).isEqualTo(Proof.APPLICATION);
    }

    @Test
    void does_not_take_frames_from_before_the_101_for_a_late_proof() {
        c.handOver101();
        c.ping();
        c.sendEarly("{\"type\":\"heartbeat\"}").write101();
        for (int repeat : REPEATS_MILLIS) {
            c.silentUntil(repeat);
            c.ping();
        }
        c.silentUntil(5000);
        c.frame("connection_ready");
        c.frame("heartbeat_ack");
        assertThat(c.hasObserved(Observation.LateProof.class)).isFalse();
    }

    @Test
    void does_not_take_the_rest_of_a_frame_that_began_before_the_101_for_a_late_proof() {
        c = degraded(connection());
        c.sendEarly("{\"type\":\"heartbeat\"}");
        c.frame("heartbeat_ack");
        assertThat(c.hasObserved(Observation.LateProof.class)).isFalse();
        c.send("{\"type\":\"heartbeat\"}");
        c.frame("heartbeat_ack");
        assertThat(c.hasObserved(Observation.LateProof.class)).isTrue();
    }

    @Test
    void ignores_a_proof_that_loses_the_race_against_the_close() {
        c = connection().closeUnproven().born();
        c.accept();
        c.ping();
        c.passUnnoticed(Duration.ofSeconds(5)).pass(Duration.ZERO).close(CloseCode.HANDSHAKE_UNPROVEN);
        c.answerPing(1).send("{\"type\":\"heartbeat\"}").inState(ConnectionState.CLOSED);
        assertThat(c.cause().code()).isEqualTo(4002);
    }

    @Test
    void takes_a_proof_that_wins_the_race_against_a_late_tick() {
        c = connection().closeUnproven().born();
        c.accept();
        c.ping();
        c.passUnnoticed(Duration.ofMillis(4999)).answerPing(1).inState(ConnectionState.READY);
        c.frame("connection_ready");
        c.passUnnoticed(Duration.ofMillis(2)).pass(Duration.ZERO).inState(ConnectionState.READY);
    }

    private static ConnectionFixture degraded(ConnectionFixture.Builder builder) {
        ConnectionFixture c = builder.born();
        c.accept();
        c.challenge(1);
        for (int i = 0; i < REPEATS_MILLIS.size(); i++) {
            c.silentUntil(REPEATS_MILLIS.get(i));
            c.challenge(i + 2);
        }
        c.silentUntil(5000);
        c.frame("connection_ready");
        return c.pass(Duration.ofMillis(40));
    }
}
