package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.AgentRequest.Role;
import io.handfast.agent.AgentRequest.Turn;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RunOrderOfThreadTest {
    private final RunWorld world = new RunWorld();

    @Test
    void runs_of_one_thread_execute_one_after_the_other() {
        String first = world.post("one");
        String second = world.post("two");
        assertThat(world.host.works).hasSize(1);
        world.host.last().chunk("1");
        world.host.last().feed.completed();

        assertThat(world.host.works).hasSize(2);
        assertThat(world.host.last().request.runId()).isEqualTo(second);
        world.host.last().feed.completed();
        world.assertLegal();
        assertThat(world.events(first)).endsWith("agent_completed 1");
    }

    @Test
    void the_next_run_begins_only_when_the_end_of_the_one_before_is_durable() {
        world.post("one");
        world.post("two");
        world.writer.hold();
        world.host.last().feed.completed();
        assertThat(world.host.works).hasSize(1);
        world.writer.release();
        assertThat(world.host.works).hasSize(2);
    }

    @Test
    void threads_do_not_wait_for_each_other() {
        world.post("a", "one", null);
        world.post("b", "two", null);
        assertThat(world.host.works).hasSize(2);
    }

    @Test
    void the_order_of_the_messages_in_the_log_counts_not_that_of_the_answers() {
        world.log.holdAnswersToPosts();
        world.send(RunWorld.THREAD, "m1", "one", null);
        world.send(RunWorld.THREAD, "m2", "two", null);
        world.send(RunWorld.THREAD, "m3", "three", null);
        world.log.answerPostsBackwards();

        assertThat(world.host.works).hasSize(1);
        assertThat(world.host.last().request.text()).isEqualTo("one");
        world.host.last().feed.completed();
        assertThat(world.host.last().request.text()).isEqualTo("two");
        world.host.last().feed.completed();
        world.host.last().feed.completed();
        world.assertLegal();
    }

    @Test
    void a_message_that_is_known_runs_nothing_again() {
        Outcome<ThreadLog.Posted> first = RunWorld.now(world.send(RunWorld.THREAD, "m", "one", null));
        ThreadLog.Posted again = RunWorld.done(world.send(RunWorld.THREAD, "m", "other", null));
        assertThat(again.duplicate()).isTrue();
        assertThat(first).isEqualTo(Outcome.done(new ThreadLog.Posted(again.seq(), again.runId(), false)));
        world.host.only().feed.completed();
        world.send(RunWorld.THREAD, "m", "one", null);
        assertThat(world.host.works).hasSize(1);
        world.assertLegal();
    }

    @Test
    void a_message_that_is_refused_runs_nothing_and_holds_nobody_up_for_long() {
        world.log.refuseWhile(() -> true);
        CompletionStage<Outcome<ThreadLog.Posted>> refused = world.send(RunWorld.THREAD, "m", "one", null);
        assertThat(RunWorld.refused(refused).code()).isEqualTo(ErrorCode.UNAVAILABLE);
        world.log.refuseWhile(() -> false);
        world.send(RunWorld.THREAD, "m", "one", null);
        world.time.advance(Duration.ofMillis(20)); // until it is known that the first is not there
        assertThat(world.host.works).hasSize(1);
    }

    @Test
    void an_unknown_agent_is_refused_with_the_names_that_exist() {
        Outcome.Refused<ThreadLog.Posted> refused = RunWorld.refused(world.conversations.post(
                RunWorld.USER, new Conversations.UserMessage(RunWorld.THREAD, "m", "x", "nobody", null, null)));
        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_AGENT);
        assertThat(refused.message()).contains("nobody", "scripted");
    }

    @Test
    void history_pairs_each_message_with_its_answer_and_leaves_out_this_one() {
        world.post("one");
        world.post("two");
        world.post("three");
        world.host.last().chunk("1!");
        world.host.last().feed.completed();
        world.host.last().feed.failed(new IllegalStateException());
        assertThat(world.host.last().request.text()).isEqualTo("three");
        assertThat(world.host.last().request.history())
                .isEqualTo(List.of(
                        new Turn(Role.USER, "m1", "one"),
                        new Turn(Role.AGENT, "r1", "1!"),
                        new Turn(Role.USER, "m2", "two")));
        assertThat(world.host.last().request.pending()).isEmpty();
    }
}
