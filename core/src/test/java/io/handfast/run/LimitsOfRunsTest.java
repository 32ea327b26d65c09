package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LimitsOfRunsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(100);
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final RunWorld world = new RunWorld();

    private void limits(RunLimits limits) {
        world.limits = limits;
        world.conversations = world.conversations(world.host, List.of(RunWorld.agent("scripted")));
    }

    @AfterEach
    void the_log_is_legal_and_no_timer_is_left() {
        world.assertLegal();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void an_agent_that_says_nothing_is_ended_at_its_idle_deadline() {
        limits(RunLimits.ofDefaults().withDeadline(DEADLINE).withIdleDeadline(IDLE));
        String run = world.post("hi");
        world.time.advance(Duration.ofSeconds(4));
        world.host.only().chunk("a");
        world.time.advance(Duration.ofMillis(4_999));
        assertThat(world.events(run)).hasSize(2);
        world.time.advance(Duration.ofMillis(1));
        assertThat(world.events(run)).endsWith("agent_error deadline_exceeded");
        assertThat(world.host.only().stops).isEqualTo(1);
    }

    @Test
    void an_agent_that_keeps_speaking_has_its_whole_deadline() {
        limits(RunLimits.ofDefaults().withDeadline(Duration.ofSeconds(12)).withIdleDeadline(IDLE));
        String run = world.post("hi");
        for (int i = 0; i < 3; i++) {
            world.time.advance(Duration.ofSeconds(4));
            world.host.only().chunk("a");
        }
        assertThat(world.events(run)).endsWith("agent_error deadline_exceeded").hasSize(4);
    }

    @Test
    void an_agent_that_waits_for_the_log_is_not_silent() {
        limits(RunLimits.ofDefaults().withDeadline(DEADLINE).withIdleDeadline(IDLE));
        String run = world.post("hi");
        world.writer.hold();
        while (world.host.only().chunk("a") == RunFeed.Offer.TAKEN) {}
        world.time.advance(Duration.ofSeconds(50));
        world.writer.release();
        assertThat(world.events(run)).endsWith("agent_response_chunk a");
        world.host.only().feed.completed();
    }

    @Test
    void one_run_is_told_as_one() {
        limits(RunLimits.ofDefaults().withOpenRunsPerUser(1));
        RunWorld.done(world.send("t", "one", "x", null));
        assertThat(RunWorld.refused(world.send("u", "two", "x", null)).message())
                .endsWith(" that have not ended: 1; allowed: no more");
        world.host.only().feed.completed();
    }

    @Test
    void a_user_may_have_so_many_runs_and_a_repeat_is_answered_all_the_same() {
        limits(RunLimits.ofDefaults().withOpenRunsPerUser(2));
        String first = RunWorld.done(world.send("t", "one", "x", null)).runId();
        RunWorld.done(world.send("u", "two", "x", null));
        assertThat(RunWorld.refused(world.send("v", "three", "x", null)).code()).isEqualTo(ErrorCode.TOO_MANY_RUNS);
        assertThat(RunWorld.done(world.send("t", "one", "x", null)).duplicate()).isTrue();
        assertThat(RunWorld.refused(world.send("v", "three", "x", null)).code()).isEqualTo(ErrorCode.TOO_MANY_RUNS);
        RunWorld.done(world.cancel(first));
        RunWorld.done(world.send("v", "three", "x", null));
        world.host.works.forEach(work -> work.feed.completed());
        RunWorld.done(world.send("v", "four", "x", null));
        world.host.last().feed.completed();
    }

    @Test
    void runs_from_outside_count_for_the_user_whom_they_are_for() {
        limits(RunLimits.ofDefaults().withOpenRunsPerUser(1));
        assertThat(RunWorld.done(open("x"))).isInstanceOf(Opened.Fresh.class);
        assertThat(RunWorld.refused(open("y")).code()).isEqualTo(ErrorCode.TOO_MANY_RUNS);
        assertThat(RunWorld.done(open("x"))).isInstanceOf(Opened.Known.class);
        assertThat(RunWorld.refused(world.send("t", "one", "x", null)).code()).isEqualTo(ErrorCode.TOO_MANY_RUNS);
        world.time.crash();
        limits(world.limits);
        RunWorld.now(world.conversations.recover());
        assertThat(RunWorld.refused(open("y")).code()).isEqualTo(ErrorCode.TOO_MANY_RUNS);
        RunWorld.done(world.cancel("x"));
        RunWorld.done(open("y"));
        RunWorld.done(world.cancel("y"));
    }

    private CompletionStage<Outcome<Opened>> open(String runId) {
        return world.conversations
                .outside()
                .open(new Opening(RunWorld.THREAD, "svc", RunWorld.USER, runId, "bot", 60_000_000, 60_000_000));
    }

    @Test
    void a_thread_may_have_so_many_runs_that_have_not_ended() {
        for (int i = 0; i < 16; i++) {
            world.post("x");
        }
        assertThat(RunWorld.refused(world.send(RunWorld.THREAD, "more", "x", null))
                        .code())
                .isEqualTo(ErrorCode.TOO_MANY_RUNS);
        for (int i = 0; i < 16; i++) {
            world.host.last().feed.completed();
        }
    }
}
