package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentFailure;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two phases: anything may happen, in any order, under a log that refuses and stalls; then the log heals and time passes. The
 * log must be legal at any moment, and in the end every accepted message must have run once.
 */
class AnyAgentAnyLogTest {
    private static final int WORLDS = 120;
    private static final int STEPS = 120;
    private static final List<String> THREADS = List.of("a", "b");

    @ParameterizedTest
    @ValueSource(longs = {1, 20_251_122})
    void whatever_happens_the_log_holds_legal_runs(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + WORLDS; seed++) {
            try {
                new Chaos(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static final class Chaos {
        private final Random random;
        private final RunWorld world = new RunWorld();
        private final List<CompletionStage<Outcome<ThreadLog.Posted>>> posts = new ArrayList<>();
        private final List<CompletionStage<Outcome<String>>> cancels = new ArrayList<>();
        private final Set<String> cancelled = new HashSet<>();
        private boolean refusing;
        private int messages;

        Chaos(long seed) {
            random = new Random(seed);
            world.log.refuseWhile(() -> refusing && random.nextInt(3) > 0);
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            THREADS.forEach(thread ->
                    assertThat(RunGrammar.openViolations(world.entries(thread))).isEmpty());
            heal();
            THREADS.forEach(thread ->
                    assertThat(RunGrammar.violations(world.entries(thread))).isEmpty());
            everyAcceptedMessageRanOnce();
            everyAcceptedCancelCancelled();
            assertThat(world.time.waiting()).as("timers left").isZero();
        }

        private void step() {
            switch (random.nextInt(18)) {
                case 0, 1 -> post();
                case 2 -> cancel();
                case 3 -> refusing = random.nextBoolean();
                case 4 -> world.writer.hold();
                case 5 -> world.writer.release();
                case 6, 7 -> world.writer.step();
                case 8 -> world.time.advance(Duration.ofMillis(random.nextInt(40)));
                case 9 -> world.time.advance(Duration.ofMillis(random.nextInt(20_000)));
                case 10 -> world.log.holdAnswersToPosts();
                case 11 -> world.log.answerPostsBackwards();
                default -> emit();
            }
        }

        private void post() {
            String id = "m" + (random.nextInt(4) == 0 && messages > 0 ? random.nextInt(messages) : messages++);
            String options = random.nextInt(3) == 0 ? "{\"deadline_ms\":" + (random.nextInt(500) - 50) + "}" : null;
            posts.add(world.send(thread(), id, "x", options));
        }

        private void cancel() {
            Conversations.RunReference reference = random.nextBoolean()
                    ? new Conversations.RunReference.ByRun("r" + random.nextInt(messages + 2))
                    : new Conversations.RunReference.ByMessage("m" + random.nextInt(messages + 2));
            cancels.add(world.conversations.cancel(RunWorld.USER, thread(), reference));
        }

        private String thread() {
            return THREADS.get(random.nextInt(THREADS.size()));
        }

        private void emit() {
            if (world.host.works.isEmpty()) {
                return;
            }
            RunFeed feed = world.host.works.get(random.nextInt(world.host.works.size())).feed;
            String call = "c" + random.nextInt(4);
            try {
                switch (random.nextInt(12)) {
                    case 0 -> feed.completed();
                    case 1 ->
                        feed.failed(
                                random.nextBoolean()
                                        ? new StackOverflowError()
                                        : new AgentFailure("upstream_error", "gone", true));
                    case 2, 3 -> feed.offer(new Emission.ToolExecuting(call, "tool", Map.of("n", 1)));
                    case 4, 5 -> feed.offer(new Emission.ToolCompleted(call, ToolStatus.OK, List.of(1, "x")));
                    case 6 -> feed.offer(new Emission.Thinking("hm"));
                    case 7 -> feed.offer(new Emission.Custom("n", null));
                    case 8 -> feed.usage(Map.of("tokens", random.nextInt()));
                    default -> burst(feed);
                }
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("tool");
            }
        }

        private void burst(RunFeed feed) {
            int chunks = random.nextInt(10) == 0 ? 80 : 1 + random.nextInt(4);
            for (int i = 0; i < chunks; i++) {
                feed.offer(new Emission.Chunk("w" + i + (random.nextInt(5) == 0 ? "\ud83d" : " ")));
            }
        }

        /** The log takes everything again; agents that were forgotten pass their deadlines, one after the other. */
        private void heal() {
            refusing = false;
            world.writer.release();
            world.log.answerPostsBackwards();
            if (random.nextInt(3) == 0) {
                CompletionStage<Void> drained = world.conversations.drain(Duration.ofSeconds(2));
                world.time.advance(Duration.ofSeconds(10));
                assertThat(drained.toCompletableFuture()).isDone();
            }
            world.time.advance(Duration.ofMinutes(2).multipliedBy(messages + 1L).plusMinutes(1));
        }

        private void everyAcceptedMessageRanOnce() {
            Set<String> accepted = new HashSet<>();
            for (CompletionStage<Outcome<ThreadLog.Posted>> post : posts) {
                if (RunWorld.now(post) instanceof Outcome.Done<ThreadLog.Posted> done) {
                    accepted.add(done.value().runId());
                }
            }
            Set<String> started = new HashSet<>();
            THREADS.forEach(thread -> world.entries(thread).stream()
                    .filter(entry -> entry.type() == EventType.AGENT_STARTED)
                    .forEach(entry -> started.add(entry.runId())));
            assertThat(started).isEqualTo(accepted);
            assertThat(world.host.works.stream().map(work -> work.request.runId()))
                    .doesNotHaveDuplicates();
        }

        private void everyAcceptedCancelCancelled() {
            THREADS.forEach(thread -> world.entries(thread).stream()
                    .filter(entry -> entry.type() == EventType.AGENT_CANCELLED)
                    .forEach(entry -> cancelled.add(entry.runId())));
            for (CompletionStage<Outcome<String>> cancel : cancels) {
                Outcome<String> outcome = RunWorld.now(cancel);
                if (outcome instanceof Outcome.Done<String> done) {
                    assertThat(cancelled).contains(done.value());
                } else {
                    assertThat(((Outcome.Refused<String>) outcome).code())
                            .isIn(ErrorCode.RUN_ENDED, ErrorCode.RUN_NOT_FOUND, ErrorCode.UNAVAILABLE);
                }
            }
        }
    }
}
