package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Effect.Observation;
import io.handfast.log.Position;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client sends before READY (R7, F03 to F05). */
final class InboundBeforeReadyTest {
    private ConnectionFixture c = connection().application().born();

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void is_kept_and_handled_after_ready_in_its_order_behind_the_subscription_of_the_url() {
        c = connection()
                .application()
                .subscription("t-url", new Position.After(4, "e1"))
                .born();
        c.handOver101();
        c.ping();
        c.validation(1);
        c.sendEarly("{\"type\":\"heartbeat\"}").write101();
        c.sendMessage("t-1", "m-1").send("nonsense").sendSubscribe("t-2").sendMessage("t-1", "m-2");
        c.nothingRemains().pass(Duration.ofMillis(20)).sendHandshakeAck();
        c.frame("connection_ready");
        c.claim("t-url", new Position.After(4, "e1"));
        c.frame("heartbeat_ack");
        assertThat(c.post().messageId()).isEqualTo("m-1");
        assertThat(c.frame("error")).containsEntry("code", "bad_json");
        c.claim("t-2");
        assertThat(c.post().messageId()).isEqualTo("m-2");
        assertThat(c.observed(Observation.InboundBeforeReady.class))
                .isEqualTo(new Observation.InboundBeforeReady(1, 20));
    }

    @Test
    void may_be_64_frames_and_no_more() {
        c.accept();
        c.challenge(1);
        for (int i = 0; i < 64; i++) {
            c.send("{\"type\":\"heartbeat_ack\"}");
        }
        c.inState(ConnectionState.PROVING).send("{\"type\":\"heartbeat_ack\"}").close(CloseCode.FLOODING);
        assertThat(c.cause().reason()).isEqualTo("flooding");
    }

    @Test
    void may_be_256_kibibytes_and_no_more() {
        c.accept();
        c.challenge(1);
        String frame = "{\"type\":\"heartbeat\",\"x\":\"%s\"}";
        String half = frame.formatted("x".repeat(128 * 1024 - frame.length() + 2));
        c.send(half).send(half).inState(ConnectionState.PROVING).send("1").close(CloseCode.FLOODING);
    }

    @Test
    void may_be_plenty_from_a_plain_client_whose_frames_are_no_proof() {
        c = connection().born();
        c.handOver101();
        c.ping();
        for (int i = 0; i < 64; i++) {
            c.sendEarly("{\"type\":\"heartbeat_ack\"}");
        }
        c.send("{\"type\":\"heartbeat\"}").inState(ConnectionState.READY);
        c.frame("connection_ready");
        c.frame("heartbeat_ack");
    }

    @Test
    void a_ping_is_answered_after_ready_and_only_the_last_one() {
        c.accept();
        c.challenge(1);
        c.sendPing("a").sendPing("b").nothingRemains().sendHandshakeAck();
        c.frame("connection_ready");
        c.pong("b");
        c.sendPing("c").pong("c");
    }

    @Test
    void a_request_that_is_refused_is_refused_after_ready() {
        c.accept();
        c.challenge(1);
        c.sendAck("t", 3).nothingRemains().sendHandshakeAck();
        c.frame("connection_ready");
        c.error(ErrorCode.NOT_SUBSCRIBED, "ack");
    }
}
