package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.log.FaultyStore;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogFailureTest {
    private final RunWorld world = new RunWorld();

    @AfterEach
    void every_log_is_legal_in_the_end() {
        world.assertLegal();
    }

    @Test
    void an_append_that_is_refused_is_tried_again_and_nothing_is_lost() {
        String run = world.post("hi");
        world.log.refuseWhile(() -> true);
        world.host.only().chunk("a");
        world.host.only().chunk("b");
        world.time.advance(Duration.ofSeconds(3));
        assertThat(world.events(run)).containsExactly("agent_started");
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        world.host.only().feed.completed();
        assertThat(world.events(run))
                .containsExactly(
                        "agent_started", "agent_response_chunk a", "agent_response_chunk b", "agent_completed ab");
        assertThat(world.counts.refused).hasPositiveValue();
    }

    @Test
    void a_log_that_refuses_for_too_long_fails_the_run_and_stops_the_agent() {
        String run = world.post("hi");
        world.log.refuseWhile(() -> true);
        world.host.only().chunk("a");
        world.time.advance(Duration.ofSeconds(12));
        assertThat(world.host.only().stops).isEqualTo(1);
        assertThat(world.host.only().chunk("b")).isEqualTo(RunFeed.Offer.ENDED);
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events(run))
                .containsExactly("agent_started", "agent_response_chunk a", "agent_error agent_failed");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
    }

    @Test
    void a_terminal_event_is_tried_again_until_it_is_in() {
        String run = world.post("hi");
        world.log.refuseWhile(() -> true);
        world.host.only().feed.completed();
        world.time.advance(Duration.ofMinutes(10));
        assertThat(world.events(run)).containsExactly("agent_started");
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events(run)).containsExactly("agent_started", "agent_completed ");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void what_was_refused_and_written_all_the_same_is_written_once() {
        String run = world.post("hi");
        world.store.commits(FaultyStore.Fault.WRITTEN);
        world.host.only().chunk("a");
        world.store.commits(FaultyStore.Fault.NONE);
        world.host.only().chunk("b");
        world.time.advance(Duration.ofSeconds(1));
        world.store.commits(FaultyStore.Fault.WRITTEN);
        world.host.only().feed.offer(new Emission.ToolExecuting("c1", "search", Map.of()));
        world.time.advance(Duration.ofSeconds(3)); // refused again and again, written once
        world.store.commits(FaultyStore.Fault.LOST);
        world.time.advance(Duration.ofSeconds(3));
        world.store.commits(FaultyStore.Fault.NONE);
        world.time.advance(Duration.ofSeconds(2));
        world.host.only().feed.offer(new Emission.ToolCompleted("c1", ToolStatus.OK, 1));
        world.host.only().feed.completed();
        assertThat(world.events(run))
                .containsExactly(
                        "agent_started",
                        "agent_response_chunk a",
                        "agent_response_chunk b",
                        "tool_executing",
                        "tool_completed ok",
                        "agent_completed ab");
    }

    @Test
    void an_end_that_was_refused_and_written_all_the_same_is_the_end() {
        String run = world.post("hi");
        world.store.commits(FaultyStore.Fault.WRITTEN);
        CompletionStage<Outcome<String>> cancel = world.cancel(run);
        world.store.commits(FaultyStore.Fault.NONE);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(RunWorld.done(cancel)).isEqualTo(run);
        assertThat(world.events(run)).containsExactly("agent_started", "agent_cancelled ann");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void an_end_that_somebody_else_wrote_meanwhile_stands() {
        String run = world.post("hi");
        world.store.commits(FaultyStore.Fault.LOST);
        world.host.only().chunk("a");
        world.store.commits(FaultyStore.Fault.NONE);
        RunWorld.done(world.log.append(RunWorld.THREAD, run, List.of(RunDrafts.cancelled("ann"))));
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events(run)).containsExactly("agent_started", "agent_cancelled ann");
        assertThat(world.host.only().stops).isEqualTo(1);
    }

    @Test
    void a_message_that_was_refused_and_written_all_the_same_is_answered() {
        world.store.commits(FaultyStore.Fault.WRITTEN);
        RunWorld.refused(world.send(RunWorld.THREAD, "m1", "hi", null));
        world.time.advance(Duration.ofSeconds(3));
        world.store.commits(FaultyStore.Fault.NONE);
        ThreadLog.Posted again = RunWorld.done(world.send(RunWorld.THREAD, "m1", "hi", null));
        assertThat(again.duplicate()).isTrue();
        world.time.advance(Duration.ofSeconds(2));
        world.host.only().feed.completed();
        assertThat(world.events(again.runId())).containsExactly("agent_started", "agent_completed ");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void a_message_that_was_refused_and_is_not_there_never_runs() {
        world.store.commits(FaultyStore.Fault.LOST);
        RunWorld.refused(world.send(RunWorld.THREAD, "m1", "hi", null));
        world.store.commits(FaultyStore.Fault.NONE);
        String next = world.post("hi");
        assertThat(world.host.works).isEmpty(); // the one before it may still turn out to be there
        world.time.advance(Duration.ofSeconds(1));
        world.host.only().feed.completed();
        assertThat(world.events(next)).containsExactly("agent_started", "agent_completed ");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void a_log_that_throws_is_tried_again_too() {
        String run = world.post("hi");
        world.log.throwInstead();
        world.log.refuseWhile(() -> true);
        world.host.only().chunk("a");
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        world.host.only().feed.completed();
        assertThat(world.events(run)).endsWith("agent_response_chunk a", "agent_completed a");
    }

    @Test
    void events_that_the_log_will_never_take_end_the_run_without_them() {
        String run = world.post("hi");
        world.log.refuseWith(ErrorCode.TOO_LARGE);
        world.log.refuseWhile(() -> true);
        world.host.only().chunk("a");
        assertThat(world.host.only().stops).isEqualTo(1);
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_failed");
    }

    @Test
    void events_emitted_while_a_commit_is_under_way_go_out_as_one_batch() {
        world.post("hi");
        world.writer.hold();
        for (int i = 0; i < 10; i++) {
            world.host.only().chunk("x");
        }
        world.log.batchSizes.clear();
        world.writer.release();
        assertThat(world.log.batchSizes).containsExactly(9);
        world.host.only().feed.completed();
    }

    @Test
    void a_run_is_full_while_too_much_of_it_is_not_durable() {
        world.post("hi");
        world.writer.hold();
        for (int i = 0; i < 64; i++) {
            assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.TAKEN);
        }
        assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.FULL);
        int roomsBefore = world.host.only().rooms;
        world.writer.release();
        assertThat(world.host.only().rooms).isEqualTo(roomsBefore + 1);
        assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.TAKEN);
        world.host.only().feed.completed();
        assertThat((String) world.lastPayload().get("text")).hasSize(65);
    }

    @Test
    void a_run_is_full_by_bytes_too() {
        world.post("hi");
        world.writer.hold();
        world.host.only().chunk("x".repeat(600_000));
        world.host.only().chunk("x".repeat(448_000));
        assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.TAKEN);
        assertThat(world.host.only().chunk("y".repeat(548))).isEqualTo(RunFeed.Offer.TAKEN);
        assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.FULL);
        world.writer.release();
        assertThat(world.host.only().chunk("x")).isEqualTo(RunFeed.Offer.TAKEN);
        world.host.only().feed.completed();
    }

    @Test
    void an_answer_that_the_log_will_never_take_is_not_told_as_complete() {
        String run = world.post("hi");
        world.log.refuseWith(ErrorCode.TOO_LARGE);
        world.log.refuseWhile(() -> true);
        world.host.only().feed.completed();
        world.log.refuseWhile(() -> false);
        world.time.advance(Duration.ofSeconds(1));
        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_failed");
    }
}
