package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentFailure;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunEndingTest {
    private final RunWorld world = new RunWorld();

    @AfterEach
    void every_log_is_legal_and_no_timer_is_left() {
        world.assertLegal();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void an_agent_that_returns_completes_with_the_text_of_its_chunks() {
        String run = world.post("hi");
        RunFeed feed = world.host.only().feed;
        feed.offer(new Emission.Thinking("hm"));
        feed.offer(new Emission.Chunk("Hel"));
        feed.offer(new Emission.Chunk("lo"));
        feed.usage(Map.of("tokens", 3));
        world.time.advance(Duration.ofMillis(1500));
        feed.completed();

        assertThat(world.events(run))
                .containsExactly(
                        "agent_started",
                        "agent_thinking hm",
                        "agent_response_chunk Hel",
                        "agent_response_chunk lo",
                        "agent_completed Hello");
        assertThat(world.lastPayload().get("duration_ms")).isEqualTo(1500L);
        assertThat(world.lastPayload().get("usage")).isEqualTo(Map.of("tokens", 3L));
        assertThat(world.counts.ended).containsExactly(EventType.AGENT_COMPLETED);
        assertThat(world.counts.started).hasValue(1);
    }

    @Test
    void an_agent_that_says_nothing_completes_with_an_empty_text() {
        String run = world.post("hi");
        world.host.only().feed.completed();
        assertThat(world.events(run)).containsExactly("agent_started", "agent_completed ");
    }

    @Test
    void a_tool_call_tells_its_duration_and_result() {
        String run = world.post("hi");
        RunFeed feed = world.host.only().feed;
        feed.offer(new Emission.ToolExecuting("c1", "search", Map.of("query", "x")));
        world.time.advance(Duration.ofMillis(70));
        feed.offer(new Emission.ToolCompleted("c1", ToolStatus.ERROR, null));
        Map<?, ?> completed = world.lastPayload();
        feed.completed();

        assertThat(completed.get("duration_ms")).isEqualTo(70L);
        assertThat(completed.get("tool_name")).isEqualTo("search");
        assertThat(completed.get("result")).isNull();
        assertThat(world.events(run)).contains("tool_completed error");
    }

    @Test
    void an_exception_ends_the_run_as_failed_with_its_message() {
        String run = world.post("hi");
        world.host.only().feed.failed(new IllegalStateException("no model"));

        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_failed");
        assertThat(world.lastPayload().get("message")).isEqualTo("no model");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(false);
        assertThat(world.counts.thrown).hasSize(1);
    }

    @Test
    void an_error_without_message_is_told_by_its_name() {
        world.post("hi");
        world.host.only().feed.failed(new StackOverflowError());
        assertThat(world.lastPayload().get("message")).isEqualTo("the agent failed: StackOverflowError");
    }

    @Test
    void an_agent_failure_chooses_code_message_and_retryable() {
        String run = world.post("hi");
        world.host.only().feed.failed(new AgentFailure("upstream_error", "503 there", true));
        assertThat(world.events(run)).endsWith("agent_error upstream_error");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
    }

    @Test
    void an_agent_cancelled_upstream_ends_as_cancelled() {
        String run = world.post("hi");
        world.host.only().feed.failed(new AgentCancelled("upstream"));
        assertThat(world.events(run)).endsWith("agent_cancelled upstream");
        assertThat(world.counts.thrown).isEmpty();
    }

    @Test
    void open_tool_calls_are_aborted_before_the_end() {
        String run = world.post("hi");
        RunFeed feed = world.host.only().feed;
        feed.offer(new Emission.ToolExecuting("c1", "search", Map.of()));
        feed.completed();
        assertThat(world.events(run))
                .containsExactly("agent_started", "tool_executing", "tool_completed aborted", "agent_completed ");
    }

    @Test
    void an_agent_past_its_deadline_is_stopped_and_its_run_ends() {
        String run = world.post("hi");
        world.time.advance(Duration.ofSeconds(119));
        assertThat(world.host.only().stops).isZero();
        world.time.advance(Duration.ofSeconds(1));

        assertThat(world.events(run)).containsExactly("agent_started", "agent_error deadline_exceeded");
        assertThat(world.host.only().stops).isEqualTo(1);
        assertThat(world.host.only().chunk("late")).isEqualTo(RunFeed.Offer.ENDED);
        assertThat(world.counts.late).hasValue(1);
    }

    @Test
    void a_message_can_shorten_the_deadline_but_not_extend_it() {
        String shortened = world.post(RunWorld.THREAD, "hi", "{\"deadline_ms\":50}");
        world.time.advance(Duration.ofMillis(50));
        assertThat(world.events(shortened)).endsWith("agent_error deadline_exceeded");

        String extended = world.post(RunWorld.THREAD, "hi", "{\"deadline_ms\":99999999}");
        world.time.advance(Duration.ofMinutes(2));
        assertThat(world.events(extended)).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void an_agents_own_deadline_counts_in_place_of_the_common_one_and_a_message_can_shorten_it() {
        RunWorld patient = new RunWorld(List.of(RunWorld.agent("patient", Duration.ofMinutes(10))));
        String run = patient.post("hi");
        patient.time.advance(Duration.ofMinutes(9));
        assertThat(patient.events(run)).containsExactly("agent_started");
        patient.time.advance(Duration.ofMinutes(1));
        assertThat(patient.events(run)).endsWith("agent_error deadline_exceeded");

        String shortened = patient.post(RunWorld.THREAD, "hi", "{\"deadline_ms\":50}");
        patient.time.advance(Duration.ofMillis(50));
        assertThat(patient.events(shortened)).endsWith("agent_error deadline_exceeded");
    }

    @Test
    void a_deadline_that_is_no_number_fails_the_run_and_says_why() {
        String run = world.post(RunWorld.THREAD, "hi", "{\"deadline_ms\":\"soon\"}");
        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_failed");
        assertThat((String) world.lastPayload().get("message")).contains("deadline_ms", "soon");
        assertThat(world.host.works).isEmpty();
    }

    @Test
    void a_host_that_has_no_thread_fails_the_run() {
        LocalConversations full = world.conversations(
                (agent, request, feed) -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                },
                List.of(RunWorld.agent("a")));
        world.conversations = full;
        String run = world.post("hi");
        assertThat(world.events(run)).containsExactly("agent_started", "agent_error agent_failed");
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
    }

    @Test
    void what_breaks_the_order_is_refused_to_the_agent_and_the_run_goes_on() {
        world.post("hi");
        RunFeed feed = world.host.only().feed;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> feed.offer(new Emission.ToolCompleted("c1", ToolStatus.OK, 1)))
                .withMessageContaining("c1");
        feed.offer(new Emission.ToolExecuting("c1", "x", Map.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> feed.offer(new Emission.ToolExecuting("c1", "x", Map.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> feed.offer(new Emission.ToolExecuting("no id", "x", Map.of())));
        assertThatIllegalArgumentException().isThrownBy(() -> feed.offer(new Emission.Custom("x", new Object())));
        feed.offer(new Emission.ToolCompleted("c1", ToolStatus.OK, 1));
        feed.completed();
    }

    @Test
    void the_first_end_stands() {
        String run = world.post("hi");
        RunFeed feed = world.host.only().feed;
        feed.completed();
        feed.failed(new IllegalStateException());
        feed.completed();
        world.time.advance(Duration.ofSeconds(200));
        assertThat(RunWorld.refused(world.cancel(run)).code()).isEqualTo(ErrorCode.RUN_ENDED);
        assertThat(world.events(run)).containsExactly("agent_started", "agent_completed ");
        assertThat(world.host.only().stops).isZero();
    }

    @Test
    void a_character_that_is_split_over_two_chunks_arrives_whole() {
        String run = world.post("hi");
        RunFeed feed = world.host.only().feed;
        feed.offer(new Emission.Chunk("a\ud83d"));
        feed.offer(new Emission.Chunk("\ude00b\udc00"));
        feed.completed();
        assertThat(world.events(run))
                .containsExactly(
                        "agent_started",
                        "agent_response_chunk a",
                        "agent_response_chunk \ud83d\ude00b\ufffd",
                        "agent_completed a\ud83d\ude00b\ufffd");
    }

    @Test
    void an_agent_that_waits_for_something_tells_it_and_the_next_run_finds_it() {
        world.post("book a flight");
        RunFeed feed = world.host.only().feed;
        feed.pending(List.of(Map.of("kind", "approval", "text", "Really?")));
        feed.completed();
        assertThat(world.lastPayload().get("pending"))
                .isEqualTo(List.of(Map.of("kind", "approval", "text", "Really?")));

        world.post("yes");
        assertThat(world.host.last().request.pending()).containsExactly(Map.of("kind", "approval", "text", "Really?"));
        world.host.last().feed.completed();
    }

    @Test
    void what_one_agent_waits_for_is_nothing_to_another() {
        RunWorld two = new RunWorld(List.of(RunWorld.agent("scripted"), RunWorld.agent("other")));
        two.post("book a flight");
        two.host.only().feed.pending(List.of(Map.of("kind", "approval")));
        two.host.only().feed.completed();

        two.conversations.post(
                RunWorld.USER, new Conversations.UserMessage(RunWorld.THREAD, "m9", "hello", "other", null, null));
        assertThat(two.host.last().request.pending()).isEmpty();
        two.host.last().feed.completed();
    }
}
