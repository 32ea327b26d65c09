package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import io.handfast.run.Conversations.RunReference;
import io.handfast.run.Conversations.UserMessage;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages, cancels, heartbeats of the client, and their answers. */
final class RequestTest {
    private final ConnectionFixture c = connection().born();

    @BeforeEach
    void ready() {
        c.ready();
    }

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void posts_a_message_to_a_thread_that_is_not_subscribed_and_accepts_it_when_it_is_durable() {
        c.send("{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"m\",\"text\":\"Grüße\","
                + "\"agent\":\"echo\",\"options\":{\"a\":1}}");
        UserMessage message = c.post();
        assertThat(message.threadId()).isEqualTo("t");
        assertThat(message.messageId()).isEqualTo("m");
        assertThat(message.text()).isEqualTo("Grüße");
        assertThat(message.agent()).isEqualTo("echo");
        assertThat(message.options()).asString(UTF_8).isEqualTo("{\"a\":1}");
        c.nothingRemains().acceptMessage("t", "m");
        assertThat(c.frame("message_accepted"))
                .containsEntry("thread_id", "t")
                .containsEntry("message_id", "m")
                .containsEntry("seq", 1L)
                .containsEntry("run_id", "r-1")
                .containsEntry("duplicate", false);
    }

    @Test
    void names_the_message_that_is_refused() {
        c.sendMessage("t", "m");
        c.post();
        c.refuseMessage("t", "m", ErrorCode.TOO_MANY_RUNS);
        assertThat(c.frame("error"))
                .containsEntry("code", "too_many_runs")
                .containsEntry("message", "no")
                .containsEntry("retryable", true)
                .containsEntry("request", "user_message")
                .containsEntry("message_id", "m")
                .containsEntry("thread_id", "t");
    }

    @Test
    void cancels_a_run_by_its_id() {
        RunReference run = new RunReference.ByRun("r");
        c.send("{\"type\":\"cancel_run\",\"thread_id\":\"t\",\"run_id\":\"r\"}");
        assertThat(c.next(Effect.CancelRun.class)).isEqualTo(new Effect.CancelRun("t", run));
        c.answerCancel("t", run, Outcome.done("r"));
        assertThat(c.frame("cancel_accepted")).containsEntry("thread_id", "t").containsEntry("run_id", "r");
    }

    @Test
    void names_the_message_whose_run_cannot_be_cancelled() {
        RunReference run = new RunReference.ByMessage("m");
        c.send("{\"type\":\"cancel_run\",\"thread_id\":\"t\",\"message_id\":\"m\"}");
        assertThat(c.next(Effect.CancelRun.class)).isEqualTo(new Effect.CancelRun("t", run));
        c.answerCancel("t", run, Outcome.refused(ErrorCode.RUN_ENDED, "over"));
        assertThat(c.frame("error"))
                .containsEntry("code", "run_ended")
                .containsEntry("request", "cancel_run")
                .containsEntry("message_id", "m")
                .containsEntry("thread_id", "t");
    }

    @Test
    void answers_a_heartbeat_and_leaves_a_heartbeat_ack_alone() {
        c.send("{\"type\":\"heartbeat\"}");
        c.frame("heartbeat_ack");
        c.send("{\"type\":\"heartbeat_ack\"}");
    }

    @Test
    void answers_what_it_cannot_read_and_stays_open() {
        c.send("[]");
        assertThat(c.frame("error")).containsEntry("code", "bad_json").doesNotContainKey("request");
        c.send("{\"type\":\"hello\"}");
        c.error(ErrorCode.UNKNOWN_TYPE, "hello").inState(ConnectionState.READY);
    }

    @Test
    void wants_no_input_while_64_requests_are_without_an_answer() {
        for (int i = 0; i < 64; i++) {
            assertThat(c.connection.wantsInput()).isTrue();
            c.sendMessage("t", "m" + i);
            c.post();
        }
        assertThat(c.connection.wantsInput()).isFalse();
        c.acceptMessage("t", "m5");
        c.frame("message_accepted");
        assertThat(c.connection.wantsInput()).isTrue();
    }

    @Test
    void counts_requests_that_wait_for_a_claim() {
        c.sendSubscribe("t").claim("t");
        for (int i = 1; i < 64; i++) {
            assertThat(c.connection.wantsInput()).isTrue();
            c.sendAck("t", 0);
        }
        assertThat(c.connection.wantsInput()).isFalse();
        c.grantClaim("t", 1, 0);
        c.frame("subscribed");
        c.watch("t").readAfter("t", 0).answerReadEmpty("t").drain(Duration.ofSeconds(1));
        c.frame("draining");
        c.unwatch("t").close(CloseCode.SERVICE_RESTART); // for nothing is pending any more
    }

    @Test
    void wants_no_input_from_a_client_that_asks_and_does_not_read() {
        c.block();
        for (int i = 0; i < 64; i++) {
            assertThat(c.connection.wantsInput()).isTrue();
            c.send("{\"type\":\"heartbeat\"}");
            c.frame("heartbeat_ack");
        }
        assertThat(c.connection.wantsInput()).isFalse();
        c.unblock();
        assertThat(c.connection.wantsInput()).isTrue();
    }
}
