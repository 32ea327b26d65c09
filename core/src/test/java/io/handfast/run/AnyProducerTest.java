package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Entry;
import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.log.ThreadLog.Published;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever producers outside do (batches of any kind, repeats, holes, overlaps, silence), whoever cancels, and however often the
 * server crashes: the log holds legal runs, each event of a producer once and in its order, and every run ends.
 */
class AnyProducerTest {
    private static final int WORLDS = 60;
    private static final int STEPS = 120;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_126})
    void whatever_a_producer_does_the_log_holds_legal_runs(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + WORLDS; seed++) {
            try {
                new Chaos(seed).play();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    /** What a producer knows of its run, and what it was promised. */
    private static final class Feed {
        final String runId;
        final long deadlineMicros;
        final long idleMicros;
        final List<EventDraft> sent = new ArrayList<>();
        long acknowledged;
        long heardMicros;
        long startedMicros = Long.MAX_VALUE / 2;

        Feed(String runId, long deadlineMicros, long idleMicros, long nowMicros) {
            this.runId = runId;
            this.deadlineMicros = deadlineMicros;
            this.idleMicros = idleMicros;
            this.heardMicros = nowMicros;
        }
    }

    private static final class Chaos {
        private final Random random;
        private final RunWorld world = new RunWorld();
        private final Map<String, Feed> feeds = new LinkedHashMap<>();
        private final List<Runnable> checks = new ArrayList<>();
        private boolean refusing;

        Chaos(long seed) {
            random = new Random(seed);
            world.log.refuseWhile(() -> refusing && random.nextInt(3) > 0);
        }

        void play() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            assertThat(RunGrammar.openViolations(world.entries())).isEmpty();
            refusing = false;
            world.writer.release();
            world.time.advance(Duration.ofMinutes(2));
            checks.forEach(Runnable::run);
            assertThat(RunGrammar.violations(world.entries())).isEmpty();
            feeds.values().forEach(this::everythingAcknowledgedIsThereOnceAndInOrder);
            feeds.values().forEach(this::noDeadlineCameEarly);
            assertThat(world.time.waiting()).as("timers left").isZero();
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0, 1 -> open();
                case 2 -> cancel();
                case 3 -> refusing = random.nextInt(3) == 0;
                case 4 -> world.writer.hold();
                case 5, 6 -> world.writer.release();
                case 7, 8 -> world.writer.step();
                case 9, 10 -> world.time.advance(Duration.ofMillis(random.nextInt(300)));
                case 11 -> world.time.advance(Duration.ofMillis(random.nextInt(3_000)));
                case 12 -> crash();
                default -> publish();
            }
        }

        private long nowMicros() {
            return RunWorld.START_MICROS + world.time.getAsLong() / 1_000;
        }

        private void open() {
            boolean again = !feeds.isEmpty() && random.nextInt(3) == 0;
            Feed feed = again
                    ? any()
                    : new Feed(
                            "x" + feeds.size(),
                            1_000_000 + random.nextInt(4_000_000),
                            500_000 + random.nextInt(2_000_000),
                            nowMicros());
            feeds.putIfAbsent(feed.runId, feed);
            world.conversations
                    .outside()
                    .open(new Opening(
                            RunWorld.THREAD,
                            RunWorld.USER,
                            null,
                            feed.runId,
                            "bot",
                            feed.deadlineMicros,
                            feed.idleMicros));
        }

        private Feed any() {
            List<Feed> all = List.copyOf(feeds.values());
            return all.get(random.nextInt(all.size()));
        }

        private void cancel() {
            if (!feeds.isEmpty()) {
                world.cancel(any().runId);
            }
        }

        /** Everything in memory is gone, and what waited for the log with it; the log is opened anew. */
        private void crash() {
            world.writer.release();
            world.time.crash();
            world.conversations = world.conversations(world.host, List.of(RunWorld.agent("scripted")));
            world.conversations.recover();
        }

        private void publish() {
            if (feeds.isEmpty()) {
                return;
            }
            Feed feed = any();
            Outcome<RunRecord> found =
                    RunWorld.now(world.conversations.outside().fedBy(RunWorld.USER, feed.runId));
            if (!(found instanceof Outcome.Done<RunRecord> run)) {
                return; // its opening was refused, or waits for the log
            }
            long from = switch (random.nextInt(8)) {
                case 0 -> 1 + random.nextInt(feed.sent.size() + 1);
                case 1 -> feed.sent.size() + 2 + random.nextInt(3);
                default -> feed.acknowledged + 1;
            };
            List<List<EventDraft>> events = new ArrayList<>();
            int count = 1 + random.nextInt(4);
            for (long number = from; number < from + count; number++) {
                boolean known = number <= feed.sent.size();
                EventDraft event = known ? feed.sent.get((int) number - 1) : event(number);
                if (number == feed.sent.size() + 1) {
                    feed.sent.add(event);
                }
                events.add(List.of(event));
            }
            CompletionStage<Outcome<Published>> answer = world.conversations
                    .outside()
                    .publish(run.value(), new Batched(RunWorld.THREAD, feed.runId, from, events, null));
            answer.thenAccept(outcome -> answered(feed, from, outcome));
        }

        private void answered(Feed feed, long from, Outcome<Published> outcome) {
            if (outcome instanceof Outcome.Refused<Published> refused) {
                ErrorCode code = refused.code();
                checks.add(() -> assertThat(code).isIn(ErrorCode.RUN_ENDED, ErrorCode.UNAVAILABLE));
            } else if (((Outcome.Done<Published>) outcome).value() instanceof Published.Written written) {
                feed.acknowledged = Math.max(feed.acknowledged, written.nextProducerSeq() - 1);
                feed.heardMicros = nowMicros();
                if (written.started()) {
                    feed.startedMicros = nowMicros();
                }
            } else if (((Outcome.Done<Published>) outcome).value() instanceof Published.Hole hole) {
                checks.add(() -> assertThat(hole.expectedProducerSeq()).isLessThan(from));
            } else if (((Outcome.Done<Published>) outcome).value() instanceof Published.Broken) {
                // The producer thinks better of what was not taken.
                feed.sent.subList((int) feed.acknowledged, feed.sent.size()).clear();
            }
        }

        private EventDraft event(long number) {
            EventType type = number == 1 && random.nextInt(8) > 0 ? EventType.AGENT_STARTED : type();
            Map<String, Object> payload = new LinkedHashMap<>();
            payload.put("n", number);
            String call = "c" + random.nextInt(4);
            switch (type) {
                case TOOL_EXECUTING ->
                    payload.putAll(Map.of("tool_call_id", call, "tool_name", "tool", "arguments", Map.of()));
                case TOOL_COMPLETED -> payload.putAll(Map.of("tool_call_id", call, "status", "ok"));
                case AGENT_ERROR ->
                    payload.putAll(Map.of("code", "upstream_error", "message", "m", "retryable", false));
                case AGENT_CANCELLED -> payload.put("by", "agent");
                case CUSTOM -> payload.put("name", "x");
                default -> payload.put("text", "t" + number);
            }
            return new EventDraft(type, Json.write(payload));
        }

        private EventType type() {
            return switch (random.nextInt(20)) {
                case 0 -> EventType.AGENT_COMPLETED;
                case 1 -> EventType.AGENT_ERROR;
                case 2 -> EventType.AGENT_CANCELLED;
                case 3 -> EventType.AGENT_STARTED;
                case 4 -> EventType.USER_MESSAGE;
                case 5, 6, 7 -> EventType.TOOL_EXECUTING;
                case 8, 9, 10 -> EventType.TOOL_COMPLETED;
                case 11 -> EventType.CUSTOM;
                case 12 -> EventType.AGENT_THINKING;
                default -> EventType.AGENT_RESPONSE_CHUNK;
            };
        }

        private void everythingAcknowledgedIsThereOnceAndInOrder(Feed feed) {
            List<Object> numbers = new ArrayList<>();
            for (Entry entry : world.entries()) {
                if (feed.runId.equals(entry.runId()) && RunWorld.payload(entry).get("n") instanceof Long number) {
                    numbers.add(number);
                }
            }
            assertThat(numbers)
                    .as(feed.runId)
                    .isEqualTo(
                            LongStream.rangeClosed(1, feed.acknowledged).boxed().toList());
        }

        private void noDeadlineCameEarly(Feed feed) {
            for (Entry entry : world.entries()) {
                if (feed.runId.equals(entry.runId()) && RunWorld.told(entry).equals("agent_error deadline_exceeded")) {
                    long due = Math.min(feed.heardMicros + feed.idleMicros, feed.startedMicros + feed.deadlineMicros);
                    assertThat(micros(entry)).as(feed.runId).isGreaterThanOrEqualTo(due);
                }
            }
        }

        private static long micros(Entry entry) {
            try {
                if (Json.read(entry.json()) instanceof Map<?, ?> event
                        && event.get("timestamp") instanceof BigDecimal seconds) {
                    return seconds.movePointRight(6).longValueExact();
                }
            } catch (Json.MalformedJsonException e) {
                throw new AssertionError(e);
            }
            throw new AssertionError("no timestamp");
        }
    }
}
