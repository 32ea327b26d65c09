package io.handfast.log;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.message;
import static io.handfast.log.LogUnderTest.started;
import static io.handfast.log.LogUnderTest.toolExecuting;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Appended;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Random appends, readers, deletions and faults against a plain list. One seed decides everything. First the store is
 * faulty: what a reader sees is a prefix of what was committed. Then it heals: every reader gets the rest.
 */
class ThreadLogModelTest {
    private static final long MIB = 1 << 20;
    private static final int SEEDS = 150;
    private static final int STEPS = 250;

    @Test
    void whatever_happens_readers_see_a_prefix_of_what_was_committed() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            World world = new World(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class World {
        private final Random random;
        private final AtomicLong micros = new AtomicLong(1_000_000);
        private final FaultyStore store = new FaultyStore(new MemoryStore("g"));
        private final LateLog late;
        private final LogUnderTest log;

        /** By epoch: what the log said it wrote, marked by its text, at the seq it named. */
        private final Map<String, Map<Long, String>> committed = new HashMap<>();

        private final List<Reader> readers = new ArrayList<>();
        private final List<Runnable> checks = new ArrayList<>();
        private int names;

        World(long seed) {
            random = new Random(seed);
            LogLimits limits = new LogLimits(
                    2_000,
                    1 + random.nextInt(4),
                    MIB,
                    1 + random.nextInt(6),
                    (int) MIB,
                    3,
                    new Retention(
                            random.nextBoolean() ? 24 : 10_000,
                            MIB,
                            Retention.FOR_EVER,
                            random.nextBoolean() ? 6_000 : MIB));
            late = LateLog.over(store, limits, () -> micros.addAndGet(random.nextInt(2_000)), seed);
            log = late.log();
        }

        private final class Reader {
            private final String threadId = "t" + random.nextInt(3);
            private String epoch = "none";
            private long seq;

            void step() {
                Cursor cursor = new Cursor(epoch, seq);
                Slice slice = log.log().tail(threadId, cursor, 1 + random.nextInt(1_000));
                if (slice instanceof Slice.Behind) {
                    CompletionStage<Slice> load = log.log().load(threadId, cursor, 500);
                    checks.add(() -> take(cursor, load.toCompletableFuture().join()));
                } else {
                    take(cursor, slice);
                }
            }

            private void take(Cursor asked, Slice slice) {
                if (!asked.epoch().equals(epoch) || asked.seq() != seq) {
                    return; // the reader has moved since it asked
                }
                if (slice instanceof Slice.Events events) {
                    for (Entry entry : events.entries()) {
                        assertThat(entry.seq()).isEqualTo(seq + 1);
                        seq = entry.seq();
                        String json = new String(entry.json(), StandardCharsets.UTF_8);
                        String known = committed
                                .computeIfAbsent(epoch, e -> new HashMap<>())
                                .putIfAbsent(seq, json);
                        assertThat(json).isEqualTo(known == null ? json : known);
                    }
                } else if (slice instanceof Slice.Trimmed trimmed) {
                    assertThat(trimmed.head().oldestSeq()).isGreaterThan(seq + 1);
                    seq = trimmed.head().oldestSeq() - 1;
                } else if (slice instanceof Slice.Deleted) {
                    seq = 0;
                    log.log().head(threadId).thenAccept(outcome -> {
                        if (outcome instanceof Outcome.Done<Optional<ThreadHead>> done) {
                            done.value().ifPresent(head -> epoch = head.epoch());
                        }
                    });
                    seq = 0;
                }
            }
        }

        void run() {
            for (int i = 0; i < 4; i++) {
                readers.add(new Reader());
            }
            for (int step = 0; step < STEPS; step++) {
                act();
            }
            store.commits(FaultyStore.Fault.NONE);
            store.readsFail(false);
            settle();
            checkRest();
        }

        private void act() {
            String threadId = "t" + random.nextInt(3);
            switch (random.nextInt(16)) {
                case 0, 1, 2 -> post(threadId);
                case 3, 4, 5, 6, 7 -> append(threadId);
                case 8, 9, 10 -> readers.get(random.nextInt(readers.size())).step();
                case 11 -> late.writer().runOne();
                case 12 -> late.loads().runOne();
                case 13 -> settle();
                case 14 -> {
                    FaultyStore.Fault[] faults = FaultyStore.Fault.values();
                    store.commits(random.nextInt(3) > 0 ? FaultyStore.Fault.NONE : faults[random.nextInt(3)]);
                    store.readsFail(random.nextInt(6) == 0);
                }
                default -> {
                    if (random.nextInt(5) == 0) {
                        log.log().delete(threadId, "ann");
                    }
                }
            }
        }

        private void settle() {
            log.await(CompletableFuture.completedFuture(true));
            List<Runnable> due = List.copyOf(checks);
            checks.clear();
            due.forEach(Runnable::run);
        }

        private void post(String threadId) {
            String messageId = "m" + random.nextInt(12);
            String runId = "r" + ++names;
            CompletionStage<Outcome<Posted>> post = log.log().post(message(threadId, "ann", messageId, runId));
            checks.add(() -> {
                assertThat(post.toCompletableFuture()).isDone();
                if (post.toCompletableFuture().join() instanceof Outcome.Done<Posted> done) {
                    assertThat(done.value().duplicate())
                            .isEqualTo(!done.value().runId().equals(runId));
                }
            });
        }

        private void append(String threadId) {
            String runId = "r" + (1 + random.nextInt(names + 1));
            List<EventDraft> events = switch (random.nextInt(6)) {
                case 0 -> List.of(started(), chunk("first of " + runId));
                case 1 -> List.of(completed());
                case 2 -> List.of(toolExecuting("c" + random.nextInt(3)));
                default -> List.of(chunk("one"), chunk("two"));
            };
            CompletionStage<Outcome<Appended>> append = log.log().append(threadId, runId, events);
            checks.add(() -> assertThat(append.toCompletableFuture()).isDone());
        }

        /** The store is well again: every reader arrives at the head, and what is there is in order. */
        private void checkRest() {
            for (Reader reader : readers) {
                for (int i = 0; i < 500; i++) {
                    reader.step();
                    settle();
                }
                ThreadHead head = log.head(reader.threadId);
                if (head != null) {
                    assertThat(reader.epoch).isEqualTo(head.epoch());
                    assertThat(reader.seq).isEqualTo(head.headSeq());
                }
            }
            for (String threadId : List.of("t0", "t1", "t2")) {
                Map<String, Boolean> ended = new HashMap<>();
                Map<String, Integer> messages = new HashMap<>();
                for (Entry entry : log.readAll(threadId, 2_000)) {
                    if (entry.type() == EventType.USER_MESSAGE) {
                        String json = new String(entry.json(), StandardCharsets.UTF_8);
                        String id = json.replaceAll(".*\"message_id\":\"([^\"]*)\".*", "$1");
                        assertThat(messages.merge(id, 1, Integer::sum))
                                .as("message " + id)
                                .isEqualTo(1);
                    } else {
                        assertThat(ended.put(
                                        String.valueOf(entry.runId()),
                                        entry.type().terminal()))
                                .as("events of " + entry.runId() + " before " + entry.seq())
                                .isNotEqualTo(true);
                    }
                }
            }
        }
    }
}
