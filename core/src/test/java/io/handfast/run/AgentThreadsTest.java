package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentEvents.RunEndedException;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentRequest;
import io.handfast.protocol.EventType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Agents on threads of their own; whoever waits here waits for an event, never for a time. */
@Timeout(30)
class AgentThreadsTest {
    private final RunWorld world = new RunWorld();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LinkedBlockingQueue<EventType> ends = new LinkedBlockingQueue<>();

    @AfterEach
    void every_log_is_legal() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        world.assertLegal();
    }

    private interface Work {
        void run(AgentRequest request, AgentEvents events) throws Exception;
    }

    private String ask(Work work) {
        Agent agent = new Agent() {
            @Override
            public String name() {
                return "threaded";
            }

            @Override
            public String description() {
                return "For tests.";
            }

            @Override
            public void run(AgentRequest request, AgentEvents events) throws Exception {
                work.run(request, events);
            }
        };
        world.conversations = world.conversations(new AgentThreads(Launcher.on(threads)), List.of(agent));
        world.counts.whenEnded = ends::add;
        return world.post("hi");
    }

    private EventType end() throws InterruptedException {
        EventType end = ends.poll(20, TimeUnit.SECONDS);
        assertThat(end).as("the run's end").isNotNull();
        return end;
    }

    @Test
    void an_agent_that_returns_completes() throws InterruptedException {
        String run = ask((request, events) -> {
            events.toolExecuting("c", "count", Map.of("text", request.text()));
            events.toolCompleted("c", ToolStatus.OK, 1);
            events.chunk("one");
            events.usage(Map.of("tokens", 1));
            events.custom("note", null);
        });
        assertThat(end()).isEqualTo(EventType.AGENT_COMPLETED);
        assertThat(world.events(run))
                .containsExactly(
                        "agent_started",
                        "tool_executing",
                        "tool_completed ok",
                        "agent_response_chunk one",
                        "custom",
                        "agent_completed one");
    }

    @Test
    void endless_recursion_that_emits_all_the_way_down_ends_the_run_as_failed() throws InterruptedException {
        String run = ask((request, events) -> recurse(events, 0));
        assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
        assertThat(world.events(run)).endsWith("agent_error agent_failed");
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int recurse(AgentEvents events, int depth) {
        if (depth % 1000 == 0) {
            events.chunk(".");
        }
        return recurse(events, depth + 1) + 1;
    }

    @Test
    void a_mistake_in_the_order_reaches_the_agent_and_fails_its_run() throws InterruptedException {
        ask((request, events) -> events.toolCompleted("never", ToolStatus.OK, null));
        assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
        assertThat((String) world.lastPayload().get("message")).isEqualTo("no tool call 'never' is open");
    }

    @Test
    void a_cancelled_agent_is_interrupted_where_it_blocks() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        String run = ask((request, events) -> {
            events.chunk("a");
            blocked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        blocked.await();
        assertThat(RunWorld.done(world.cancel(run))).isEqualTo(run);
        interrupted.await();
        assertThat(end()).isEqualTo(EventType.AGENT_CANCELLED);
    }

    @Test
    void a_run_is_cancelled_at_once_although_its_agent_ignores_it() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        String run = ask((request, events) -> {
            first.countDown();
            while (cancelled.getCount() > 0) {
                try {
                    cancelled.await();
                } catch (InterruptedException e) {
                    Thread.interrupted();
                }
            }
            try {
                events.chunk("late");
            } catch (RunEndedException e) {
                done.countDown();
            }
        });
        first.await();
        assertThat(RunWorld.done(world.cancel(run))).isEqualTo(run);
        assertThat(end()).isEqualTo(EventType.AGENT_CANCELLED);
        cancelled.countDown();
        done.await();
        assertThat(world.counts.late).hasValue(1);
    }

    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD) // a lock that is held hears no interrupt
    void a_value_that_blocks_while_it_is_encoded_holds_up_neither_the_deadline_nor_a_cancel()
            throws InterruptedException {
        List<BiConsumer<AgentEvents, Iterable<?>>> calls = List.of(
                (events, slow) -> events.custom("slow", slow),
                (events, slow) -> events.toolExecuting("c", "slow", Map.of("of", slow)),
                (events, slow) -> {
                    events.toolExecuting("c", "slow", Map.of());
                    events.toolCompleted("c", ToolStatus.OK, slow);
                },
                (events, slow) -> events.usage(Map.of("of", slow)),
                (events, slow) -> events.pending(List.of(Map.of("of", slow))));
        for (BiConsumer<AgentEvents, Iterable<?>> call : calls) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch done = new CountDownLatch(1);
            Iterable<?> slow = () -> {
                blocked.countDown();
                awaitWhateverHappens(done);
                return List.of().iterator();
            };
            String run = ask((request, events) -> call.accept(events, slow));
            blocked.await();

            if (calls.indexOf(call) % 2 == 0) {
                world.time.advance(Duration.ofMinutes(2));
                assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
            } else {
                assertThat(RunWorld.done(world.cancel(run))).isEqualTo(run);
                assertThat(end()).isEqualTo(EventType.AGENT_CANCELLED);
            }
            done.countDown();
        }
    }

    /** An interrupt is what calls an agent off; one that ignores it is worse. */
    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.interrupted();
            }
        }
    }

    @Test
    void an_agent_that_ignores_its_end_is_told_with_every_event() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Throwable> told = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        String run = ask((request, events) -> {
            events.chunk("a");
            first.countDown();
            while (ended.getCount() > 0) {
                try {
                    ended.await();
                } catch (InterruptedException e) {
                    Thread.interrupted();
                }
            }
            try {
                events.chunk("b");
            } catch (RunEndedException e) {
                told.set(e);
            }
            done.countDown();
        });
        first.await();
        world.time.advance(Duration.ofMinutes(2));
        assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
        ended.countDown();
        done.await();
        assertThat(told.get()).isInstanceOf(RunEndedException.class).hasMessageContaining(run);
        assertThat(world.counts.late).hasValue(1);
        assertThat(world.events(run)).endsWith("agent_response_chunk a", "agent_error deadline_exceeded");
    }

    @Test
    void an_agent_that_is_ahead_of_the_log_waits_for_it() throws InterruptedException {
        CountDownLatch full = new CountDownLatch(1);
        world.writer.hold();
        String run = ask65(full);
        full.await();
        assertThat(ends).isEmpty();
        world.writer.release();
        assertThat(end()).isEqualTo(EventType.AGENT_COMPLETED);
        assertThat(world.events(run)).hasSize(65 + 2);
    }

    @Test
    void an_agent_that_waits_for_the_log_is_called_off_when_its_run_ends() throws InterruptedException {
        CountDownLatch full = new CountDownLatch(1);
        world.writer.hold();
        ask65(full);
        full.await();
        world.time.advance(Duration.ofMinutes(2));
        threads.shutdown();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS))
                .as("the agent's thread ended")
                .isTrue();
        world.writer.release();
        assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
    }

    /** An agent that fills its run while the log is held, tells, and emits one event more. */
    private String ask65(CountDownLatch full) {
        Work work = (request, events) -> {
            for (int i = 0; i < 64; i++) {
                events.chunk("x");
            }
            full.countDown();
            events.chunk("x");
        };
        // The message itself has to get into the log; the run's events are what is held.
        world.writer.release();
        CountDownLatch posted = new CountDownLatch(1);
        String run = ask((request, events) -> {
            posted.await();
            work.run(request, events);
        });
        world.writer.hold();
        posted.countDown();
        return run;
    }

    @Test
    void several_threads_of_an_agent_may_emit_and_outlive_it() throws InterruptedException {
        CountDownLatch allDone = new CountDownLatch(4);
        String run = ask((request, events) -> {
            CountDownLatch some = new CountDownLatch(4 * 20);
            for (int t = 0; t < 4; t++) {
                threads.execute(() -> {
                    try {
                        while (true) {
                            events.chunk("x");
                            some.countDown();
                        }
                    } catch (RunEndedException e) {
                        allDone.countDown();
                    }
                });
            }
            some.await();
        });
        assertThat(end()).isEqualTo(EventType.AGENT_COMPLETED);
        allDone.await();
        assertThat(world.events(run)).hasSizeGreaterThan(80);
        assertThat(world.counts.late).hasValue(4);
    }

    @Test
    void a_pool_without_a_free_thread_fails_the_run() throws InterruptedException {
        threads.shutdown();
        ask((request, events) -> events.chunk("x"));
        assertThat(end()).isEqualTo(EventType.AGENT_ERROR);
        assertThat(world.lastPayload().get("retryable")).isEqualTo(true);
    }
}
