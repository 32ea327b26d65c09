package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Effect.Observation;
import io.handfast.protocol.CloseCode;
import io.handfast.readiness.Profile;
import io.handfast.readiness.Proof;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The strategies {@code timed} (R4, R5: exactly these stages) and {@code basic}. */
final class TimedTest {
    private ConnectionFixture c = connection().strategy(Strategy.TIMED).born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void validates_after_50_and_25_ms_when_the_101_is_written_and_is_ready_when_the_validation_is() {
        c.accept().silentUntil(75);
        c.validation(1).inState(ConnectionState.PROVING).write().inState(ConnectionState.READY);
        assertThat(c.frame("connection_ready")).containsEntry("proof", "none");
        assertThat(c.observed(Observation.Ready.class)).isEqualTo(new Observation.Ready(Proof.NONE, 1, 75_000_000));
    }

    @Test
    void rechecks_only_as_often_as_needed() {
        c.handOver101().silentUntil(60).write101().silentUntil(50 + 25 + 25);
        c.validation(1);
    }

    @Test
    void rechecks_twice_when_the_101_is_written_after_the_first_recheck() {
        c.handOver101().silentUntil(80).write101().silentUntil(50 + 25 + 50 + 25);
        c.validation(1);
    }

    @Test
    void goes_on_after_three_rechecks_whatever_they_found() {
        c.handOver101().silentUntil(50 + 25 + 50 + 75 + 25);
        c.validation(1).write().inState(ConnectionState.PROVING);
        c.write101().write().inState(ConnectionState.READY);
        c.frame("connection_ready");
    }

    @Test
    void retries_the_validation_at_its_exact_times_and_then_degrades() {
        fail(c);
        assertThat(c.frame("connection_ready")).containsEntry("proof", "none");
        assertThat(c.observed(Observation.ProofMissed.class)).isEqualTo(new Observation.ProofMissed(4, true));
    }

    @Test
    void retries_the_validation_at_its_exact_times_and_then_closes_when_told_to() {
        c = connection().strategy(Strategy.TIMED).closeUnproven().born();
        fail(c);
        c.close(CloseCode.HANDSHAKE_UNPROVEN);
    }

    private static void fail(ConnectionFixture c) {
        c.accept().silentUntil(75);
        c.validation(1).silentUntil(75 + 2000 + 50);
        c.validation(2).silentUntil(75 + 2000 + 50 + 1000 + 100);
        c.validation(3).silentUntil(75 + 2000 + 50 + 1000 + 100 + 1000 + 150);
        c.validation(4).silentUntil(75 + 2000 + 50 + 1000 + 100 + 1000 + 150 + 1000);
    }

    @Test
    void is_ready_by_a_write_that_completes_in_a_pause_between_retries() {
        c.accept().silentUntil(75);
        c.validation(1).silentUntil(2100).write().inState(ConnectionState.READY);
        c.frame("connection_ready");
    }

    @Test
    void takes_no_reply_of_the_peer_for_an_answer() {
        c.accept().silentUntil(75);
        c.validation(1).sendHandshakeAck().send("{\"type\":\"heartbeat\"}").inState(ConnectionState.PROVING);
        c.write();
        c.frame("connection_ready");
        c.frame("heartbeat_ack");
    }

    @Test
    void in_development_pauses_10_ms_and_checks_the_101() {
        c = connection().strategy(Strategy.TIMED).profile(Profile.DEVELOPMENT).born();
        c.accept().silentUntil(10).inState(ConnectionState.READY);
        c.frame("connection_ready");
    }

    @Test
    void in_testing_pauses_5_ms_and_checks_the_101() {
        c = connection().strategy(Strategy.TIMED).profile(Profile.TESTING).born();
        c.handOver101().silentUntil(5).silentUntil(80).inState(ConnectionState.ACCEPTED);
        c.write101().inState(ConnectionState.READY);
        c.frame("connection_ready");
    }

    @Test
    void basic_is_ready_as_soon_as_the_101_is_written() {
        c = connection().strategy(Strategy.BASIC).born();
        c.handOver101().silentUntil(7).inState(ConnectionState.ACCEPTED).write101();
        assertThat(c.frame("connection_ready")).containsEntry("proof", "none");
        c.sendHandshakeAck().inState(ConnectionState.READY);
    }
}
