package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.log.ThreadLog.Published;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutsideRunsTest {
    private static final EventDraft STARTED = draft(EventType.AGENT_STARTED, Map.of());
    private static final EventDraft CHUNK = draft(EventType.AGENT_RESPONSE_CHUNK, Map.of("text", "a"));
    private static final EventDraft COMPLETED = draft(EventType.AGENT_COMPLETED, Map.of("text", "a"));

    private final RunWorld world = new RunWorld();

    @AfterEach
    void the_log_is_legal_and_no_timer_is_left() {
        world.assertLegal();
        assertThat(world.time.waiting()).isZero();
    }

    private static EventDraft draft(EventType type, Map<String, ?> payload) {
        return new EventDraft(type, Json.write(payload));
    }

    private void open(String runId, int deadlineSeconds, int idleSeconds) {
        assertThat(RunWorld.done(ask(runId, deadlineSeconds, idleSeconds))).isInstanceOf(Opened.Fresh.class);
    }

    private CompletionStage<Outcome<Opened>> ask(String runId, int deadlineSeconds, int idleSeconds) {
        return world.conversations
                .outside()
                .open(new Opening(
                        RunWorld.THREAD,
                        "svc",
                        RunWorld.USER,
                        runId,
                        "bot",
                        TimeUnit.SECONDS.toMicros(deadlineSeconds),
                        TimeUnit.SECONDS.toMicros(idleSeconds)));
    }

    private CompletionStage<Outcome<Published>> publish(String runId, long producerSeq, EventDraft... events) {
        RunRecord run = RunWorld.done(world.conversations.outside().fedBy("svc", runId));
        return world.conversations
                .outside()
                .publish(
                        run,
                        new Batched(
                                RunWorld.THREAD,
                                runId,
                                producerSeq,
                                Arrays.stream(events).map(List::of).toList(),
                                null));
    }

    @Test
    void a_run_goes_with_its_thread_and_one_of_a_new_thread_of_that_name_stays() {
        open("r1", 60, 10);
        publish("r1", 1, STARTED);
        assertThat(RunWorld.done(world.conversations.delete(RunWorld.USER, RunWorld.THREAD)))
                .isTrue();
        assertThat(world.time.waiting()).isZero();
        assertThat(RunWorld.refused(world.conversations.outside().fedBy("svc", "r1"))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);

        open("r1", 60, 10);
        RunWorld.done(publish("r1", 1, STARTED, COMPLETED));
        assertThat(world.events("r1")).containsExactly("agent_started", "agent_completed a");
    }

    @Test
    void a_producer_that_never_begins_loses_its_run_at_the_idle_deadline() {
        open("x", 100, 5);
        world.time.advance(Duration.ofMillis(4_999));
        assertThat(world.events("x")).isEmpty();
        world.time.advance(Duration.ofMillis(1));
        assertThat(world.events("x")).containsExactly("agent_started", "agent_error deadline_exceeded");
        assertThat(world.counts.ended).containsExactly(EventType.AGENT_ERROR);
    }

    @Test
    void a_run_whose_opening_was_refused_and_written_all_the_same_ends_too() {
        world.log.refuseWhatItOpens();
        assertThat(RunWorld.refused(ask("x", 100, 5)).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        world.time.advance(Duration.ofMillis(4_999));
        assertThat(world.events("x")).isEmpty();
        world.time.advance(Duration.ofMillis(1));
        assertThat(world.events("x")).containsExactly("agent_started", "agent_error deadline_exceeded");
    }

    @Test
    void every_batch_moves_the_idle_deadline_and_a_repeat_does_not() {
        open("x", 100, 5);
        RunWorld.done(publish("x", 1, STARTED));
        world.time.advance(Duration.ofSeconds(4));
        RunWorld.done(publish("x", 2, CHUNK));
        world.time.advance(Duration.ofSeconds(4));
        assertThat(RunWorld.done(publish("x", 2, CHUNK))).isInstanceOf(Published.Known.class);
        assertThat(world.events("x")).hasSize(2);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events("x")).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void the_deadline_counts_from_agent_started_and_no_batch_moves_it() {
        open("x", 2, 5);
        world.time.advance(Duration.ofSeconds(4));
        RunWorld.done(publish("x", 1, STARTED));
        world.time.advance(Duration.ofSeconds(1));
        RunWorld.done(publish("x", 2, CHUNK));
        world.time.advance(Duration.ofMillis(999));
        assertThat(world.events("x")).hasSize(2);
        world.time.advance(Duration.ofMillis(1));
        assertThat(world.events("x")).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void the_deadlines_hold_over_a_restart() {
        open("x", 100, 5);
        open("y", 100, 5);
        RunWorld.done(publish("x", 1, STARTED));
        world.time.advance(Duration.ofSeconds(3));
        RunWorld.done(publish("y", 1, STARTED));
        world.time.crash();
        world.time.advance(Duration.ofSeconds(1));
        world.conversations = world.conversations(world.host, List.of(RunWorld.agent("scripted")));
        assertThat(RunWorld.now(world.conversations.recover())).isZero();
        world.time.advance(Duration.ofMillis(999));
        assertThat(world.events("x")).containsExactly("agent_started");
        world.time.advance(Duration.ofMillis(1));
        assertThat(world.events("x")).endsWith("agent_error deadline_exceeded");
        assertThat(RunWorld.done(publish("y", 2, CHUNK, COMPLETED)))
                .isInstanceOfSatisfying(
                        Published.Written.class,
                        written -> assertThat(written.nextProducerSeq()).isEqualTo(4));
    }

    @Test
    void a_run_whose_time_was_up_while_nobody_ran_is_closed_at_the_start() {
        open("x", 100, 5);
        world.time.crash();
        world.time.advance(Duration.ofSeconds(60));
        assertThat(world.events("x")).isEmpty();
        RunWorld.now(world.conversations(world.host, List.of()).recover());
        assertThat(world.events("x")).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void a_log_that_cannot_take_the_end_is_asked_again() {
        open("x", 100, 5);
        world.log.refuseWhile(() -> true);
        world.time.advance(Duration.ofSeconds(20));
        assertThat(world.events("x")).isEmpty();
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events("x")).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void it_is_cancelled_like_any_other_run_and_what_comes_late_is_refused_and_counted() {
        open("x", 100, 5);
        RunWorld.done(publish("x", 1, STARTED, CHUNK));
        assertThat(RunWorld.done(world.cancel("x"))).isEqualTo("x");
        assertThat(RunWorld.refused(publish("x", 3, CHUNK)).code()).isEqualTo(ErrorCode.RUN_ENDED);
        assertThat(RunWorld.done(publish("x", 1, STARTED, CHUNK))).isInstanceOf(Published.Known.class);
        assertThat(world.counts.late).hasValue(1);
        assertThat(world.counts.ended).containsExactly(EventType.AGENT_CANCELLED);
        assertThat(world.events("x")).containsExactly("agent_started", "agent_response_chunk a", "agent_cancelled ann");
        assertThat(RunWorld.refused(world.cancel("x")).code()).isEqualTo(ErrorCode.RUN_ENDED);
    }

    @Test
    void it_neither_waits_for_the_runs_of_messages_nor_do_they_wait_for_it() {
        String message = world.post("hi");
        open("x", 100, 5);
        RunWorld.done(publish("x", 1, STARTED, CHUNK));
        world.host.only().feed.completed();
        String next = world.post("and?");
        world.host.last().feed.completed();
        RunWorld.done(publish("x", 3, COMPLETED));
        assertThat(world.events(message)).endsWith("agent_completed ");
        assertThat(world.events(next)).endsWith("agent_completed ");
        assertThat(world.events("x")).endsWith("agent_completed a");
    }

    @Test
    void only_who_opened_it_and_the_owner_of_its_thread_may_feed_it() {
        open("x", 100, 5);
        assertThat(RunWorld.refused(world.conversations.outside().fedBy("mallory", "x"))
                        .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        RunWorld.done(world.conversations.outside().fedBy(RunWorld.USER, "x"));
        String run = world.post("hi");
        assertThat(RunWorld.refused(world.conversations.outside().fedBy(RunWorld.USER, run))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
        world.host.only().feed.completed();
        RunWorld.done(publish("x", 1, COMPLETED));
    }

    @Test
    void a_drain_leaves_it_open_and_opens_no_more() {
        open("x", 100, 5);
        assertThat(world.conversations.drain(Duration.ofSeconds(1)).toCompletableFuture())
                .isDone();
        assertThat(world.time.waiting()).isZero();
        assertThat(RunWorld.refused(world.conversations
                                .outside()
                                .open(new Opening(RunWorld.THREAD, "svc", RunWorld.USER, "y", "bot", 1, 1)))
                        .code())
                .isEqualTo(ErrorCode.DRAINING);
        RunWorld.done(publish("x", 1, STARTED, COMPLETED));
    }

    @Test
    void a_deleted_thread_takes_its_runs_along() {
        open("x", 100, 5);
        RunWorld.done(world.log.delete(RunWorld.THREAD, RunWorld.USER));
        world.time.advance(Duration.ofSeconds(5));
        assertThat(RunWorld.refused(world.conversations.outside().fedBy("svc", "x"))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
    }
}
