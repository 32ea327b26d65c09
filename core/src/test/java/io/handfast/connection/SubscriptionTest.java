package io.handfast.connection;

import static io.handfast.connection.ConnectionFixture.connection;
import static io.handfast.connection.ConnectionFixture.entries;
import static io.handfast.connection.ConnectionFixture.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.Effect.Observation;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cursors into the logs of threads (F07, F08), and what a client may say about them. */
final class SubscriptionTest {
    private ConnectionFixture c = connection().born();

    @BeforeEach
    void ready() {
        c.ready();
    }

    @AfterEach
    void nothing_unexpected_remains() {
        c.nothingRemains();
    }

    @Test
    void begins_with_subscribed_watches_and_reads_behind_its_position() {
        c.send("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":3,\"epoch\":\"e1\"}");
        c.claim("t", new Position.After(3, "e1")).grantClaim("t", 1, 5);
        assertThat(c.frame("subscribed"))
                .containsEntry("thread_id", "t")
                .containsEntry("epoch", "e1")
                .containsEntry("head_seq", 5L)
                .containsEntry("from_seq", 4L)
                .containsEntry("resumed", true);
        c.watch("t").readAfter("t", 3).answerRead("t", 4, 5).events("t", 4, 5);
        assertThat(c.observed(Observation.Resumed.class)).isEqualTo(new Observation.Resumed("t", 4, false));
    }

    @Test
    void tells_a_gap_right_behind_subscribed() {
        c.sendSubscribe("t", 3).claim("t").grantClaim("t", 10, 12);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 10L).containsEntry("resumed", false);
        assertThat(c.frame("history_gap"))
                .containsEntry("thread_id", "t")
                .containsEntry("reason", "trimmed")
                .containsEntry("missing_from", 4L)
                .containsEntry("missing_to", 9L);
        c.watch("t").readAfter("t", 9);
        assertThat(c.observed(Observation.Resumed.class).gap()).isTrue();
    }

    @Test
    void does_not_apply_a_position_of_another_epoch() {
        c.send("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":3,\"epoch\":\"e0\"}");
        c.claim("t").grantClaim("t", 1, 5);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 1L).containsEntry("resumed", false);
        assertThat(c.frame("history_gap"))
                .containsEntry("reason", "epoch_changed")
                .containsEntry("missing_from", 4L)
                .containsEntry("missing_to", 4L);
        c.watch("t").readAfter("t", 0);
    }

    @Test
    void begins_at_the_end_for_the_latest() {
        c.send("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":\"latest\"}");
        c.claim("t", new Position.Latest()).grantClaim("t", 1, 5);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 6L);
        c.watch("t").readAfter("t", 5).answerReadEmpty("t");
        assertThat(c.hasObserved(Observation.Resumed.class)).isFalse();
    }

    @Test
    void reads_on_while_there_is_more_and_again_when_the_head_moves() {
        c.sendSubscribe("t").claim("t").grantClaim("t", 1, 9);
        c.frame("subscribed");
        c.watch("t").readAfter("t", 0).answerReadWithMore("t", 1, 4).events("t", 1, 4);
        c.readAfter("t", 4).answerRead("t", 5, 9).events("t", 5, 9).nothingRemains();
        c.moveHead("t").readAfter("t", 9).answerRead("t", 10, 10).events("t", 10, 10);
    }

    @Test
    void has_one_read_under_way_and_does_not_miss_a_head_that_moves_meanwhile() {
        c.subscribed("t", 2).moveHead("t").readAfter("t", 2);
        c.moveHead("t").moveHead("t").nothingRemains();
        c.answerReadEmpty("t").readAfter("t", 2);
    }

    @Test
    void serves_several_threads_in_turn() {
        c.subscribed("a", 0).subscribed("b", 0);
        c.moveHead("a").readAfter("a", 0).moveHead("b").readAfter("b", 0);
        c.answerReadWithMore("a", 1, 1).events("a", 1, 1).readAfter("a", 1);
        c.answerReadWithMore("b", 1, 1).events("b", 1, 1).readAfter("b", 1);
    }

    @Test
    void keeps_at_most_four_reads_under_way_and_lets_nobody_wait_for_ever() {
        for (int i = 1; i <= 6; i++) {
            c.subscribed("t" + i, 0);
        }
        for (int i = 1; i <= 6; i++) {
            c.moveHead("t" + i);
        }
        c.readAfter("t1", 0)
                .readAfter("t2", 0)
                .readAfter("t3", 0)
                .readAfter("t4", 0)
                .nothingRemains();
        c.answerReadWithMore("t1", 1, 1).events("t1", 1, 1).readAfter("t5", 0);
        c.answerReadWithMore("t2", 1, 1).events("t2", 1, 1).readAfter("t6", 0);
        c.answerReadWithMore("t3", 1, 1).events("t3", 1, 1).readAfter("t1", 1);
    }

    @Test
    void moves_its_cursor_and_discards_the_answer_for_the_old_position() {
        c.subscribed("t", 9).moveHead("t").readAfter("t", 9);
        c.sendSubscribe("t", 2).claim("t").grantClaim("t", 1, 10);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 3L);
        c.nothingRemains().answerRead("t", 10, 10).readAfter("t", 2);
        c.answerRead("t", 3, 10).events("t", 3, 10);
    }

    @Test
    void goes_on_from_the_old_position_when_a_move_is_refused() {
        c.subscribed("t", 9).sendSubscribe("t", 2).claim("t").refuseClaim("t", ErrorCode.UNAVAILABLE);
        c.error(ErrorCode.UNAVAILABLE, "subscribe").moveHead("t").readAfter("t", 9);
    }

    @Test
    void answers_in_order_what_is_asked_while_a_claim_is_under_way() {
        c.sendSubscribe("t").claim("t").sendUnsubscribe("t").sendAck("t", 1).nothingRemains();
        c.grantClaim("t", 1, 5);
        c.frame("subscribed");
        c.watch("t").unwatch("t");
        c.frame("unsubscribed");
        c.error(ErrorCode.NOT_SUBSCRIBED, "ack");
        c.moveHead("t");
    }

    @Test
    void answers_every_one_of_several_subscriptions_to_one_thread() {
        c.sendSubscribe("t", 1)
                .claim("t")
                .sendSubscribe("t", 2)
                .sendUnsubscribe("t")
                .sendSubscribe("t", 3);
        c.grantClaim("t", 1, 5);
        c.frame("subscribed");
        c.watch("t").claim("t", new Position.After(2, null)).readAfter("t", 1).grantClaim("t", 1, 5);
        c.frame("subscribed");
        c.unwatch("t");
        c.frame("unsubscribed");
        c.claim("t", new Position.After(3, null))
                .answerRead("t", 2, 5)
                .nothingRemains()
                .grantClaim("t", 1, 5);
        assertThat(c.frame("subscribed")).containsEntry("from_seq", 4L);
        c.watch("t").readAfter("t", 3);
    }

    @Test
    void does_not_read_twice_at_once_over_an_unsubscribe() {
        c.subscribed("t", 9)
                .moveHead("t")
                .readAfter("t", 9)
                .sendUnsubscribe("t")
                .unwatch("t");
        c.frame("unsubscribed");
        c.sendSubscribe("t", 9).claim("t").grantClaim("t", 1, 10);
        c.frame("subscribed");
        c.watch("t").nothingRemains().answerRead("t", 10, 10).readAfter("t", 9);
        c.answerRead("t", 10, 10).events("t", 10, 10);
    }

    @Test
    void drops_an_answer_that_comes_after_the_unsubscribe() {
        c.subscribed("t", 9)
                .moveHead("t")
                .readAfter("t", 9)
                .sendUnsubscribe("t")
                .unwatch("t");
        c.frame("unsubscribed");
        c.answerRead("t", 10, 10).moveHead("t");
    }

    @Test
    void refuses_to_end_what_has_not_begun() {
        c.sendUnsubscribe("t").error(ErrorCode.NOT_SUBSCRIBED, "unsubscribe");
        assertThat(c.observed(Observation.Refused.class).code()).isEqualTo("not_subscribed");
    }

    @Test
    void passes_on_that_a_thread_belongs_to_somebody_else() {
        c.sendSubscribe("t").claim("t").refuseClaim("t", ErrorCode.FORBIDDEN);
        c.error(ErrorCode.FORBIDDEN, "subscribe").sendAck("t", 0).error(ErrorCode.NOT_SUBSCRIBED, "ack");
    }

    @Test
    void refuses_a_thread_too_many_until_one_is_left() {
        for (int i = 1; i <= 64; i++) {
            c.subscribed("t" + i, 0);
        }
        c.sendSubscribe("t65").error(ErrorCode.RATE_LIMITED, "subscribe");
        c.sendSubscribe("t1").claim("t1").sendUnsubscribe("t2").unwatch("t2");
        c.frame("unsubscribed");
        c.sendSubscribe("t65").claim("t65");
    }

    @Test
    void takes_acknowledgements_up_to_what_was_sent() {
        c.subscribed("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .answerRead("t", 4, 9)
                .events("t", 4, 9);
        c.sendAck("t", 3).sendAck("t", 7).sendAck("t", 10).error(ErrorCode.INVALID_FIELD, "ack");
        assertThat(c.observed(Observation.Acknowledged.class)).isEqualTo(new Observation.Acknowledged("t", 3, 6));
        assertThat(c.observed(Observation.Acknowledged.class)).isEqualTo(new Observation.Acknowledged("t", 7, 2));
        assertThat(c.observed(Observation.Refused.class).message())
                .isEqualTo("seq must be at most 9, the last that was sent, not 10");
    }

    @Test
    void remembers_what_was_sent_when_the_cursor_moves_back_within_the_epoch() {
        c.subscribed("t", 9).sendSubscribe("t", 2).claim("t").grantClaim("t", 1, 9);
        c.frame("subscribed");
        c.readAfter("t", 2).sendAck("t", 9).sendSubscribe("t", 0).claim("t").grantClaim("t", "e2", 1, 1);
        c.frame("subscribed");
        c.sendAck("t", 9).error(ErrorCode.INVALID_FIELD, "ack");
    }

    @Test
    void closes_with_4000_when_the_cursor_falls_out_of_what_is_retained() {
        c.subscribed("t", 3).moveHead("t").readAfter("t", 3);
        c.answerRead("t", new Slice.Trimmed(new ThreadHead("t", "alice", "e1", 9, 20)));
        c.unwatch("t").close(CloseCode.SLOW_CONSUMER);
    }

    @Test
    void closes_with_4004_when_the_log_is_replaced() {
        c.subscribed("t", 3).moveHead("t").readAfter("t", 3).answerRead("t", new Slice.Replaced());
        c.unwatch("t").close(CloseCode.LOG_REPLACED);
    }

    @Test
    void a_subscription_ends_when_its_thread_is_deleted_and_the_connection_goes_on() {
        c.subscribed("t", 3).moveHead("t").readAfter("t", 3).answerRead("t", new Slice.Deleted());
        c.unwatch("t");
        assertThat(c.frame("unsubscribed")).containsEntry("thread_id", "t").containsEntry("reason", "deleted");
        c.moveHead("t").send("{\"type\":\"unsubscribe\",\"thread_id\":\"t\"}");
        c.error(ErrorCode.NOT_SUBSCRIBED, "unsubscribe");

        c.sendSubscribe("t", 3).claim("t").grantClaim("t", "e2", 1, 1);
        assertThat(c.frame("subscribed")).containsEntry("epoch", "e2").containsEntry("from_seq", 1L);
        assertThat(c.frame("history_gap")).containsEntry("reason", "epoch_changed");
        c.watch("t").readAfter("t", "e2", 0);
    }

    @Test
    void a_thread_that_is_deleted_while_its_cursor_is_moved_begins_anew() {
        c.subscribed("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .sendSubscribe("t", 3)
                .claim("t");
        c.answerRead("t", new Slice.Deleted()).unwatch("t").frame("unsubscribed");
        c.grantClaim("t", "e2", 1, 0).frame("subscribed");
        c.frame("history_gap");
        c.watch("t").readAfter("t", "e2", 0);
    }

    @Test
    void ignores_a_trimmed_answer_for_a_position_it_has_left() {
        c.subscribed("t", 3)
                .moveHead("t")
                .readAfter("t", 3)
                .sendSubscribe("t", 3)
                .claim("t");
        c.grantClaim("t", "e2", 1, 4);
        c.frame("subscribed");
        c.answerRead("t", new Slice.Replaced()).readAfter("t", "e2", 3);
    }

    @Test
    void says_once_that_the_log_is_unavailable_and_tries_ever_more_slowly() {
        c.subscribed("t", 3).moveHead("t").readAfter("t", 3);
        c.answerRead("t", new Slice.Unavailable("disk")).error(ErrorCode.UNAVAILABLE, "subscribe");
        double at = c.millis();
        for (int pause : new int[] {100, 200, 400, 800, 1600, 3200, 5000}) {
            at += pause;
            c.moveHead("t").silentUntil(at).readAfter("t", 3).answerRead("t", new Slice.Unavailable("disk"));
        }
        c.silentUntil(at + 5000).readAfter("t", 3).answerReadEmpty("t");
        c.moveHead("t").readAfter("t", 3).answerRead("t", new Slice.Behind()).error(ErrorCode.UNAVAILABLE, "subscribe");
        c.silentUntil(at + 5100).readAfter("t", 3);
    }

    @ParameterizedTest
    @CsvSource({"5, 6", "3, 5", "4, 6", "3, 4"})
    void ends_rather_than_send_events_with_a_hole_or_a_repeat(long first, long last) {
        c.subscribed("t", 3).moveHead("t").readAfter("t", 3);
        List<Entry> entries =
                List.of(entry("t", first, EventType.CUSTOM, null), entry("t", last, EventType.CUSTOM, null));
        c.answerRead("t", new Slice.Events(entries, false)).unwatch("t").close(CloseCode.INTERNAL_ERROR);
        assertThat(c.cause().detail()).contains("2 entries from seq " + first + " to " + last + " do not follow 3");
    }

    @Test
    void ends_on_an_answer_that_nobody_asked_for() {
        c.answerRead("t", new Slice.Events(entries("t", 1, 1), false)).close(CloseCode.INTERNAL_ERROR);
        assertThat(c.cause().detail()).contains("an answer to no read of thread t");
        c.pass(Duration.ofSeconds(2)).transportClosed(true);
    }
}
