package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DrainAndRecoveryTest {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private final RunWorld world = new RunWorld();

    @Test
    void a_drain_without_runs_is_done_at_once() {
        assertThat(world.conversations.drain(WINDOW).toCompletableFuture()).isDone();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void a_drain_refuses_messages() {
        world.conversations.drain(WINDOW);
        assertThat(RunWorld.refused(world.send(RunWorld.THREAD, "m", "x", null)).code())
                .isEqualTo(ErrorCode.DRAINING);
    }

    @Test
    void a_run_that_executes_may_finish_within_the_window() {
        String run = world.post("one");
        CompletionStage<Void> drained = world.conversations.drain(WINDOW);
        world.time.advance(Duration.ofSeconds(4));
        assertThat(drained.toCompletableFuture()).isNotDone();
        world.host.only().chunk("a");
        world.host.only().feed.completed();
        assertThat(drained.toCompletableFuture()).isDone();
        assertThat(world.events(run)).endsWith("agent_completed a");
        world.assertLegal();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void a_run_that_outlasts_the_window_is_lost() {
        String run = world.post("one");
        CompletionStage<Void> drained = world.conversations.drain(WINDOW);
        world.time.advance(WINDOW);
        assertThat(drained.toCompletableFuture()).isDone();
        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_lost");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
        assertThat(world.host.only().stops).isEqualTo(1);
        world.assertLegal();
    }

    @Test
    void runs_that_wait_are_lost_at_once_and_never_begin() {
        world.post("one");
        String waiting = world.post("two");
        world.conversations.drain(WINDOW);
        assertThat(world.events(waiting)).containsExactly("agent_started", "agent_error agent_lost");
        world.host.only().feed.completed();
        world.assertLegal();
    }

    @Test
    void a_message_under_way_when_the_drain_begins_is_accepted_and_its_run_is_lost() {
        world.log.holdAnswersToPosts();
        world.send(RunWorld.THREAD, "m", "x", null);
        CompletionStage<Void> drained = world.conversations.drain(WINDOW);
        assertThat(drained.toCompletableFuture()).isNotDone();
        world.log.answerPostsBackwards();
        assertThat(drained.toCompletableFuture()).isDone();
        assertThat(world.host.works).isEmpty();
        world.assertLegal();
    }

    @Test
    void runs_that_an_earlier_process_left_open_are_closed_as_lost() {
        String started = world.post("one");
        String waiting = world.post("two");
        LocalConversations next = world.conversations(world.host, List.of(RunWorld.agent("scripted")));
        assertThat(RunWorld.now(next.recover())).isEqualTo(2);
        assertThat(world.events(started)).containsExactly("agent_started", "agent_error agent_lost");
        assertThat(world.events(waiting)).containsExactly("agent_started", "agent_error agent_lost");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
        world.assertLegal();
        assertThat(RunWorld.now(next.recover())).isZero();
    }

    @Test
    void a_recovery_waits_until_the_log_can_take_it() {
        world.post("one");
        LocalConversations next = world.conversations(world.host, List.of(RunWorld.agent("scripted")));
        world.log.refuseWhile(() -> true);
        CompletionStage<Integer> recovered = next.recover();
        world.time.advance(Duration.ofSeconds(30));
        assertThat(recovered.toCompletableFuture()).isNotDone();
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(2));
        assertThat(RunWorld.now(recovered)).isEqualTo(1);
        world.assertLegal();
    }

    @Test
    void a_run_that_another_process_closed_stops_its_agent() {
        world.post("one");
        world.post("two");
        RunWorld.now(world.conversations(new ScriptedHost(), List.of(RunWorld.agent("scripted")))
                .recover());
        assertThat(world.host.last().chunk("late")).isEqualTo(RunFeed.Offer.TAKEN);
        assertThat(world.host.works.get(0).stops).isEqualTo(1);
        assertThat(world.host.works.get(0).chunk("later")).isEqualTo(RunFeed.Offer.ENDED);
        world.assertLegal();
    }
}
