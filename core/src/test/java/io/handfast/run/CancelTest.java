package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import io.handfast.run.Conversations.RunReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancelTest {
    private final RunWorld world = new RunWorld();

    @AfterEach
    void every_log_is_legal() {
        world.assertLegal();
    }

    @Test
    void a_run_is_cancelled_by_its_id_and_its_agent_is_stopped() {
        String run = world.post("hi");
        world.host.only().chunk("a");
        assertThat(RunWorld.done(world.cancel(run))).isEqualTo(run);
        assertThat(world.host.only().stops).isEqualTo(1);
        assertThat(world.host.only().chunk("b")).isEqualTo(RunFeed.Offer.ENDED);
        world.host.only().feed.failed(new InterruptedException());
        assertThat(world.events(run)).containsExactly("agent_started", "agent_response_chunk a", "agent_cancelled ann");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void a_run_is_cancelled_by_the_message_that_started_it() {
        RunWorld.done(world.send(RunWorld.THREAD, "m", "hi", null));
        CompletionStage<Outcome<String>> cancelled =
                world.conversations.cancel(RunWorld.USER, RunWorld.THREAD, new RunReference.ByMessage("m"));
        assertThat(world.events(RunWorld.done(cancelled))).endsWith("agent_cancelled ann");
        assertThat(RunWorld.refused(world.conversations.cancel(
                                RunWorld.USER, RunWorld.THREAD, new RunReference.ByMessage("m")))
                        .code())
                .isEqualTo(ErrorCode.RUN_ENDED);
    }

    @Test
    void a_run_is_cancelled_without_naming_its_thread() {
        String run = world.post("hi");
        assertThat(RunWorld.done(world.conversations.cancel(RunWorld.USER, run)))
                .isEqualTo(run);
        assertThat(RunWorld.refused(world.conversations.cancel(RunWorld.USER, run))
                        .code())
                .isEqualTo(ErrorCode.RUN_ENDED);
    }

    @Test
    void a_run_that_waits_is_started_and_cancelled_at_once() {
        world.post("one");
        String waiting = world.post("two");
        String third = world.post("three");
        assertThat(RunWorld.done(world.cancel(waiting))).isEqualTo(waiting);
        assertThat(world.events(waiting)).containsExactly("agent_started", "agent_cancelled ann");
        world.host.last().feed.completed();
        assertThat(world.host.last().request.runId()).isEqualTo(third);
        world.host.last().feed.completed();
    }

    @Test
    void a_cancel_that_comes_while_the_agent_is_being_begun_stops_it_all_the_same() {
        ScriptedHost scripted = new ScriptedHost();
        world.conversations = world.conversations(
                (agent, request, feed) -> {
                    world.cancel(request.runId());
                    return scripted.begin(agent, request, feed);
                },
                List.of(RunWorld.agent("scripted")));
        String run = world.post("hi");
        assertThat(scripted.only().stops).isEqualTo(1);
        assertThat(world.events(run)).containsExactly("agent_started", "agent_cancelled ann");
    }

    @Test
    void a_cancel_is_answered_when_it_is_durable() {
        String run = world.post("hi");
        world.writer.hold();
        CompletionStage<Outcome<String>> first = world.cancel(run);
        CompletionStage<Outcome<String>> second = world.cancel(run);
        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(world.host.only().stops).isEqualTo(1);
        world.writer.release();
        assertThat(RunWorld.done(first)).isEqualTo(run);
        assertThat(RunWorld.done(second)).isEqualTo(run);
    }

    @Test
    void a_cancel_that_comes_after_the_agent_returned_is_too_late() {
        String run = world.post("hi");
        world.writer.hold();
        world.host.only().feed.completed();
        CompletionStage<Outcome<String>> cancelled = world.cancel(run);
        world.writer.release();
        assertThat(RunWorld.refused(cancelled).code()).isEqualTo(ErrorCode.RUN_ENDED);
        assertThat(world.events(run)).endsWith("agent_completed ");
    }

    @Test
    void a_deadline_that_passes_first_wins_over_a_cancel() {
        String run = world.post("hi");
        world.writer.hold();
        world.time.advance(Duration.ofMinutes(2));
        CompletionStage<Outcome<String>> cancelled = world.cancel(run);
        world.writer.release();
        assertThat(RunWorld.refused(cancelled).code()).isEqualTo(ErrorCode.RUN_ENDED);
        assertThat(world.events(run)).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void a_cancel_may_overtake_the_answer_to_its_message() {
        world.log.holdAnswersToPosts();
        world.send(RunWorld.THREAD, "m", "hi", null);
        CompletionStage<Outcome<String>> cancelled =
                world.conversations.cancel(RunWorld.USER, RunWorld.THREAD, new RunReference.ByMessage("m"));
        assertThat(cancelled.toCompletableFuture()).isNotDone();
        world.log.answerPostsBackwards();
        assertThat(world.events(RunWorld.done(cancelled))).containsExactly("agent_started", "agent_cancelled ann");
        assertThat(world.host.works).isEmpty();
        world.post("next");
        world.host.only().feed.completed();
    }

    @Test
    void a_cancel_by_a_message_that_is_being_repeated_finds_the_run_of_the_first() {
        RunWorld.done(world.send(RunWorld.THREAD, "m", "hi", null));
        world.host.only().feed.completed();
        world.log.holdAnswersToPosts();
        world.send(RunWorld.THREAD, "m", "hi", null);
        CompletionStage<Outcome<String>> cancelled =
                world.conversations.cancel(RunWorld.USER, RunWorld.THREAD, new RunReference.ByMessage("m"));
        world.log.answerPostsBackwards();
        assertThat(RunWorld.refused(cancelled).code()).isEqualTo(ErrorCode.RUN_ENDED);
    }

    @Test
    void what_does_not_exist_is_not_found() {
        world.post("hi");
        world.host.only().feed.completed();
        assertThat(RunWorld.refused(world.cancel("r99")).code()).isEqualTo(ErrorCode.RUN_NOT_FOUND);
        assertThat(RunWorld.refused(world.conversations.cancel(RunWorld.USER, "nowhere", new RunReference.ByRun("r1")))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
        assertThat(RunWorld.refused(world.conversations.cancel(RunWorld.USER, "r99"))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
    }

    @Test
    void a_run_is_not_found_in_another_thread_of_the_same_user() {
        String run = world.post("hi");
        world.post("b", "hi", null);
        assertThat(RunWorld.refused(world.conversations.cancel(RunWorld.USER, "b", new RunReference.ByRun(run)))
                        .code())
                .isEqualTo(ErrorCode.RUN_NOT_FOUND);
        world.host.works.forEach(work -> work.feed.completed());
    }

    @Test
    void the_thread_of_another_user_is_forbidden() {
        String run = world.post("hi");
        RunReference mine = new RunReference.ByRun(run);
        assertThat(RunWorld.refused(world.conversations.cancel("bob", RunWorld.THREAD, mine))
                        .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(RunWorld.refused(world.conversations.cancel("bob", RunWorld.THREAD, new RunReference.ByRun("r99")))
                        .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        assertThat(RunWorld.refused(world.conversations.cancel("bob", run)).code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        world.host.only().feed.completed();
    }
}
