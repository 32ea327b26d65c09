package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the runs of this process whose thread is deleted. */
class DeletedThreadTest {
    private final RunWorld world = new RunWorld();

    @AfterEach
    void every_log_is_legal_and_no_timer_is_left() {
        world.assertLegal();
        assertThat(world.time.waiting()).isZero();
    }

    private CompletionStage<Outcome<Boolean>> delete() {
        return world.conversations.delete(RunWorld.USER, RunWorld.THREAD);
    }

    @Test
    void an_agent_that_says_nothing_is_called_off_at_once_and_those_that_wait_never_begin() {
        world.post("one");
        world.post("two");
        assertThat(RunWorld.done(delete())).isTrue();

        assertThat(world.host.only().stops).isEqualTo(1);
        assertThat(world.host.only().chunk("late")).isEqualTo(RunFeed.Offer.ENDED);
        world.host.only().feed.failed(new InterruptedException());
        assertThat(world.entries()).isEmpty();
        assertThat(RunWorld.done(delete())).isFalse();
    }

    @Test
    void a_new_thread_of_the_same_name_has_runs_of_its_own() {
        world.post("one");
        world.host.only().chunk("a");
        assertThat(RunWorld.done(delete())).isTrue();

        String second = world.post("two");
        world.host.works.get(0).chunk("from the grave");
        world.host.last().feed.completed();
        assertThat(world.events(second)).containsExactly("agent_started", "agent_completed ");
        assertThat(world.entries()).hasSize(3);
    }

    @Test
    void a_message_that_comes_in_behind_the_deletion_is_answered() {
        world.post("one");
        world.writer.hold();
        CompletionStage<Outcome<Boolean>> deleted = delete();
        CompletionStage<Outcome<Posted>> posted = world.send(RunWorld.THREAD, "m", "two", null);
        world.writer.release();

        assertThat(RunWorld.done(deleted)).isTrue();
        assertThat(RunWorld.done(posted).seq()).isEqualTo(1);
        assertThat(world.host.works).hasSize(2);
        world.host.last().feed.completed();
        assertThat(world.events(RunWorld.done(posted).runId())).endsWith("agent_completed ");
    }

    @Test
    void a_message_that_came_in_just_before_the_deletion_goes_with_the_thread() {
        world.writer.hold();
        CompletionStage<Outcome<Posted>> posted = world.send(RunWorld.THREAD, "m", "one", null);
        CompletionStage<Outcome<Boolean>> deleted = delete();
        world.writer.release();

        assertThat(RunWorld.done(posted).seq()).isEqualTo(1);
        assertThat(RunWorld.done(deleted)).isTrue();
        assertThat(world.entries()).isEmpty();
        assertThat(world.host.works).allSatisfy(work -> assertThat(work.stops).isEqualTo(1));
        world.post("next");
        world.host.last().feed.completed();
    }

    @Test
    void whoever_cancels_a_run_of_it_learns_that_there_is_no_such_run() {
        String run = world.post("one");
        world.writer.hold();
        CompletionStage<Outcome<Boolean>> deleted = delete();
        CompletionStage<Outcome<String>> cancelled = world.cancel(run);
        world.writer.release();

        assertThat(RunWorld.done(deleted)).isTrue();
        assertThat(RunWorld.refused(cancelled).code()).isEqualTo(ErrorCode.RUN_NOT_FOUND);
    }

    @Test
    void the_runs_go_on_when_it_is_not_deleted() {
        String run = world.post("one");
        assertThat(RunWorld.refused(world.conversations.delete("bob", RunWorld.THREAD))
                        .code())
                .isEqualTo(ErrorCode.FORBIDDEN);
        world.host.only().feed.completed();
        assertThat(world.events(run)).containsExactly("agent_started", "agent_completed ");
    }

    @Test
    void a_drain_does_not_wait_for_runs_of_a_deleted_thread() {
        world.post("one");
        assertThat(RunWorld.done(delete())).isTrue();
        CompletionStage<Void> drained = world.conversations.drain(Duration.ofSeconds(4));
        assertThat(drained.toCompletableFuture()).isDone();
    }
}
