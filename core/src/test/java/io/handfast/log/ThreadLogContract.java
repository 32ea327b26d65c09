package io.handfast.log;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.event;
import static io.handfast.log.LogUnderTest.fields;
import static io.handfast.log.LogUnderTest.message;
import static io.handfast.log.LogUnderTest.started;
import static io.handfast.log.LogUnderTest.toolCompleted;
import static io.handfast.log.LogUnderTest.toolExecuting;
import static io.handfast.protocol.EventType.AGENT_COMPLETED;
import static io.handfast.protocol.EventType.AGENT_ERROR;
import static io.handfast.protocol.EventType.AGENT_RESPONSE_CHUNK;
import static io.handfast.protocol.EventType.AGENT_STARTED;
import static io.handfast.protocol.EventType.TOOL_COMPLETED;
import static io.handfast.protocol.EventType.TOOL_EXECUTING;
import static io.handfast.protocol.EventType.USER_MESSAGE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Expiry;
import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.log.ThreadLog.Published;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every log promises, run on each implementation. A subclass says how its log is opened; the clock is the test's
 * and moves by a millisecond whenever the log looks at it.
 */
public abstract class ThreadLogContract {
    private static final long MIB = 1 << 20;
    private static final long START_MICROS = 1_763_840_000_000_000L;

    /** Bounds that nothing in a test reaches by accident. */
    protected static final LogLimits WIDE =
            new LogLimits(MIB, 1_000, MIB, 64, (int) MIB, 4, new Retention(10_000, MIB, Retention.FOR_EVER, 64 * MIB));

    protected final AtomicLong micros = new AtomicLong(START_MICROS);
    private final List<LogUnderTest> opened = new ArrayList<>();

    /** Opens an empty log. */
    protected abstract LogUnderTest open(LogLimits limits) throws Exception;

    protected long clockMicros() {
        return micros.addAndGet(1_000);
    }

    private LogUnderTest log() {
        return log(WIDE);
    }

    private LogUnderTest log(LogLimits limits) {
        try {
            LogUnderTest log = open(limits);
            opened.add(log);
            return log;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** May be called again: closing a closed log does nothing. */
    @AfterEach
    protected void close() {
        opened.forEach(LogUnderTest::close);
    }

    private static LogLimits keeping(long events, long bytes, Duration age, long total) {
        return new LogLimits(
                WIDE.recentBytesMax(),
                WIDE.residentThreadsMax(),
                WIDE.waitingBytesMax(),
                WIDE.batchRequestsMax(),
                WIDE.batchBytesMax(),
                WIDE.openRunsPerThreadMax(),
                new Retention(events, bytes, age, total));
    }

    private static LogLimits remembering(long recentBytes, int residentThreads) {
        return new LogLimits(
                recentBytes,
                residentThreads,
                WIDE.waitingBytesMax(),
                WIDE.batchRequestsMax(),
                WIDE.batchBytesMax(),
                WIDE.openRunsPerThreadMax(),
                WIDE.retention());
    }

    // ---- threads

    @Test
    void a_thread_belongs_to_whoever_claims_it_first() {
        LogUnderTest log = log();

        ThreadHead head = log.claim("t", "ann");

        assertThat(head.ownerId()).isEqualTo("ann");
        assertThat(head.headSeq()).isZero();
        assertThat(head.oldestSeq()).isEqualTo(1);
        assertThat(head.epoch()).isNotEmpty().doesNotContain(":");
        assertThat(log.claim("t", "ann")).isEqualTo(head);
        assertThat(log.head("t")).isEqualTo(head);
        log.refused(log.log().claim("t", "bob"), ErrorCode.FORBIDDEN);
    }

    @Test
    void asking_for_the_head_of_a_thread_creates_nothing() {
        LogUnderTest log = log();

        assertThat(log.head("t")).isNull();
        assertThat(log.claim("t", "bob").ownerId()).isEqualTo("bob");
    }

    @Test
    void a_message_creates_its_thread_and_is_refused_in_a_foreign_one() {
        LogUnderTest log = log();

        assertThat(log.post("t", "ann", "m1", "r1")).isEqualTo(new Posted(1, "r1", false));

        log.refused(log.log().post(message("t", "bob", "m2", "r2")), ErrorCode.FORBIDDEN);
        assertThat(log.types("t")).containsExactly(USER_MESSAGE);
    }

    // ---- what an event looks like

    @Test
    void a_message_becomes_an_event_that_carries_the_run_it_starts() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");

        Entry entry = log.readAll("t", 1_000).get(0);

        assertThat(entry.type()).isEqualTo(USER_MESSAGE);
        assertThat(entry.runId()).isEqualTo("r1");
        assertThat(fields(entry))
                .containsEntry("type", "user_message")
                .containsEntry("thread_id", "t")
                .containsEntry("seq", 1L)
                .containsEntry("run_id", "r1")
                .containsEntry("payload", Map.of("message_id", "m1", "text", "text of m1", "user_id", "ann"));
    }

    @Test
    void seq_rises_by_one_and_time_never_falls_even_when_the_clock_does() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started(), chunk("a"));
        micros.addAndGet(-3_600_000_000L);
        log.append("t", "r1", chunk("b"));
        log.append("t", "r1", completed());

        List<Entry> entries = log.readAll("t", 1_000);

        assertThat(entries).extracting(Entry::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
        BigDecimal last = BigDecimal.ZERO;
        for (Entry entry : entries) {
            BigDecimal time = (BigDecimal) fields(entry).get("timestamp");
            assertThat(time).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }

    @Test
    void a_payload_is_passed_on_byte_by_byte() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        byte[] odd = "{ \"name\":\"x\",\"value\":1.10 }".getBytes(UTF_8);
        log.append("t", "r1", started(), new EventDraft(EventType.CUSTOM, odd));

        String json = new String(log.readAll("t", 1_000).get(2).json(), UTF_8);

        assertThat(json).endsWith("\"payload\":{ \"name\":\"x\",\"value\":1.10 }}");
    }

    // ---- idempotency

    @Test
    void a_repeat_of_a_message_is_answered_with_the_first_ones_place() {
        LogUnderTest log = log();
        Posted first = log.post("t", "ann", "m1", "r1");

        Posted again = log.post("t", "ann", "m1", "r2");

        assertThat(again).isEqualTo(new Posted(first.seq(), "r1", true));
        assertThat(log.types("t")).containsExactly(USER_MESSAGE);
        log.refused(log.log().run("r2"), ErrorCode.RUN_NOT_FOUND);
    }

    @Test
    void the_same_message_id_in_another_thread_is_another_message() {
        LogUnderTest log = log();
        log.post("t1", "ann", "m1", "r1");

        assertThat(log.post("t2", "ann", "m1", "r2").duplicate()).isFalse();
    }

    @Test
    void a_repeat_under_way_at_once_with_its_first_runs_once() {
        LogUnderTest log = log();
        CompletionStage<Outcome<Posted>> first = log.log().post(message("t", "ann", "m1", "r1"));
        CompletionStage<Outcome<Posted>> second = log.log().post(message("t", "ann", "m1", "r2"));

        assertThat(log.done(first)).isEqualTo(new Posted(1, "r1", false));
        assertThat(log.done(second)).isEqualTo(new Posted(1, "r1", true));
    }

    @Test
    void a_message_is_known_beyond_trimming() {
        LogUnderTest log = log(keeping(8, MIB, Retention.FOR_EVER, 64 * MIB));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        for (int i = 0; i < 20; i++) {
            log.append("t", "r1", chunk("c" + i));
        }
        assertThat(log.head("t").oldestSeq()).isGreaterThan(1);

        assertThat(log.post("t", "ann", "m1", "r9")).isEqualTo(new Posted(1, "r1", true));
    }

    // ---- runs

    @Test
    void a_run_is_known_from_its_message_to_its_end() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        assertThat(log.run("r1")).isEqualTo(new RunRecord("t", "r1", "ann", "echo", "m1", 1, false, false, null));
        log.append("t", "r1", started());
        assertThat(log.done(log.log().runOfMessage("t", "m1")).started()).isTrue();
        assertThat(log.done(log.log().openRuns())).extracting(RunRecord::runId).containsExactly("r1");

        log.append("t", "r1", completed());

        assertThat(log.run("r1").ended()).isTrue();
        assertThat(log.done(log.log().openRuns())).isEmpty();
        log.refused(log.log().append("t", "r1", List.of(chunk("late"))), ErrorCode.RUN_ENDED);
        log.refused(log.log().append("t", "r1", List.of(completed())), ErrorCode.RUN_ENDED);
        assertThat(log.types("t")).containsExactly(USER_MESSAGE, AGENT_STARTED, AGENT_COMPLETED);
    }

    // ---- runs fed from outside

    private static Opening opening(String threadId, String callerId, @Nullable String forUserId, String runId) {
        return new Opening(threadId, callerId, forUserId, runId, "bot", 10_000_000, 2_000_000);
    }

    private static Batched batch(String runId, long producerSeq, EventDraft... events) {
        return new Batched(
                "t", runId, producerSeq, Arrays.stream(events).map(List::of).toList(), null);
    }

    private static Published published(LogUnderTest log, long producerSeq, EventDraft... events) {
        return log.done(log.log().publish(batch("r1", producerSeq, events)));
    }

    @Test
    void a_run_fed_from_outside_is_opened_once_and_its_id_belongs_to_its_thread() {
        LogUnderTest log = log();

        Opened fresh = log.done(log.log().open(opening("t", "svc", "ann", "r1")));

        assertThat(fresh).isInstanceOf(Opened.Fresh.class);
        assertThat(log.head("t").ownerId()).isEqualTo("ann");
        assertThat(log.done(log.log().open(opening("t", "svc", "ann", "r1")))).isInstanceOf(Opened.Known.class);
        assertThat(log.done(log.log().open(opening("u", "svc", "ann", "r1")))).isInstanceOf(Opened.Taken.class);
        assertThat(log.head("u")).isNull();
        log.post("t", "ann", "m1", "r2");
        assertThat(log.done(log.log().open(opening("t", "svc", "ann", "r2")))).isInstanceOf(Opened.Taken.class);
        assertThat(log.done(log.log().openRuns())).extracting(RunRecord::runId).containsExactly("r1", "r2");
    }

    @Test
    void a_run_fed_from_outside_is_for_whom_it_says_or_for_the_owner_or_for_its_publisher() {
        LogUnderTest log = log();
        log.claim("anns", "ann");

        log.refused(log.log().open(opening("anns", "svc", "bob", "r1")), ErrorCode.FORBIDDEN);
        log.done(log.log().open(opening("anns", "svc", null, "r1")));
        log.done(log.log().open(opening("new", "svc", null, "r2")));

        assertThat(log.run("r1").ownerId()).isEqualTo("ann");
        assertThat(log.head("new").ownerId()).isEqualTo("svc");
        log.refused(log.log().open(opening("anns", "other", null, "r1")), ErrorCode.FORBIDDEN);
    }

    @Test
    void what_a_producer_sent_before_is_skipped_and_a_hole_is_told() {
        LogUnderTest log = log();
        log.done(log.log().open(opening("t", "ann", null, "r1")));

        assertThat(published(log, 2, chunk("a"))).isEqualTo(new Published.Hole(1));
        assertThat(published(log, 1, started(), chunk("a"))).isEqualTo(new Published.Written(2, 3, true, null));
        assertThat(published(log, 1, started(), chunk("a"))).isEqualTo(new Published.Known(2, 3));
        assertThat(published(log, 2, chunk("a"), chunk("b"))).isEqualTo(new Published.Written(3, 4, false, null));
        assertThat(published(log, 4, completed())).isEqualTo(new Published.Written(4, 5, false, AGENT_COMPLETED));
        assertThat(published(log, 3, chunk("b"), completed())).isEqualTo(new Published.Known(4, 5));
        log.refused(log.log().publish(batch("r1", 5, chunk("late"))), ErrorCode.RUN_ENDED);

        assertThat(log.types("t"))
                .containsExactly(AGENT_STARTED, AGENT_RESPONSE_CHUNK, AGENT_RESPONSE_CHUNK, AGENT_COMPLETED);
        assertThat(log.done(log.log().openRuns())).isEmpty();
    }

    @Test
    void a_batch_that_breaks_the_order_leaves_nothing_and_a_terminal_event_closes_open_tool_calls() {
        LogUnderTest log = log();
        log.done(log.log().open(opening("t", "ann", null, "r1")));

        assertThat(published(log, 1, started(), toolCompleted("a"))).isInstanceOf(Published.Broken.class);
        assertThat(log.types("t")).isEmpty();
        published(log, 1, started(), toolExecuting("a"));
        assertThat(published(log, 3, completed())).isEqualTo(new Published.Written(4, 4, false, AGENT_COMPLETED));

        assertThat(log.types("t")).containsExactly(AGENT_STARTED, TOOL_EXECUTING, TOOL_COMPLETED, AGENT_COMPLETED);
    }

    @Test
    void what_the_log_knows_a_producer_may_leave_out() {
        LogUnderTest log = log();
        log.done(log.log().open(opening("t", "ann", null, "r1")));
        published(log, 1, event(AGENT_STARTED, Map.of()), toolExecuting("a"));
        published(log, 3, event(TOOL_COMPLETED, Map.of("tool_call_id", "a", "status", "ok")));
        published(log, 4, event(AGENT_COMPLETED, Map.of("text", "x")));

        List<Entry> entries = log.readAll("t", 1_000);

        assertThat(payload(entries.get(0))).containsEntry("agent", "bot");
        assertThat(payload(entries.get(2))).containsEntry("tool_name", "search").containsEntry("result", null);
        assertThat((Long) payload(entries.get(2)).get("duration_ms")).isPositive();
        assertThat((Long) payload(entries.get(3)).get("duration_ms")).isPositive();
    }

    @SuppressWarnings("unchecked") // the payload of every event is an object
    private static Map<String, Object> payload(Entry entry) {
        return (Map<String, Object>) Objects.requireNonNull(fields(entry).get("payload"));
    }

    @Test
    void a_dialect_is_kept_with_the_batch_and_cannot_change_in_a_run() {
        LogUnderTest log = log();
        log.done(log.log().open(opening("t", "ann", null, "r1")));
        byte[] position = "{\"a\":1}".getBytes(UTF_8);

        // Three events of the producer, of which the last is none of the log.
        log.done(log.log()
                .publish(new Batched(
                        "t", "r1", 1, List.of(List.of(started()), List.of(chunk("a")), List.of()), position)));

        Producer producer = Objects.requireNonNull(log.run("r1").producer());
        assertThat(producer.nextSeq()).isEqualTo(4);
        assertThat(producer.lastSeq()).isEqualTo(2);
        assertThat(producer.dialect()).isEqualTo(position);
        assertThat(published(log, 4, chunk("b"))).isInstanceOf(Published.Broken.class);
        log.done(log.log().publish(new Batched("t", "r1", 4, List.of(List.of()), position)));
        assertThat(Objects.requireNonNull(log.run("r1").producer()).nextSeq()).isEqualTo(5);
        assertThat(log.types("t")).containsExactly(AGENT_STARTED, AGENT_RESPONSE_CHUNK);
    }

    @Test
    void a_run_ends_by_the_clock_of_the_log_when_its_producer_is_silent_or_too_slow() {
        LogUnderTest log = log();
        log.done(log.log().open(opening("t", "ann", null, "r1")));
        assertThat(log.done(log.log().expire("t", "r1"))).isInstanceOf(Expiry.NotDue.class);
        micros.addAndGet(1_500_000);
        published(log, 1, started());
        for (int i = 0; i < 5; i++) {
            micros.addAndGet(1_500_000);
            published(log, 2 + i, chunk("a"));
            assertThat(log.done(log.log().expire("t", "r1"))).isInstanceOf(Expiry.NotDue.class);
        }
        micros.addAndGet(1_500_000);
        published(log, 7, toolExecuting("c"));
        micros.addAndGet(1_100_000);

        // Never silent for 2 s; but 10 s are over since agent_started.
        assertThat(log.done(log.log().expire("t", "r1"))).isInstanceOf(Expiry.Ended.class);

        List<Entry> entries = log.readAll("t", 1_000);
        assertThat(entries.get(entries.size() - 2).type()).isEqualTo(TOOL_COMPLETED);
        assertThat(payload(entries.get(entries.size() - 1)))
                .containsEntry("code", "deadline_exceeded")
                .containsEntry("retryable", true);
        log.refused(log.log().expire("t", "r1"), ErrorCode.RUN_ENDED);
        assertThat(published(log, 7, toolExecuting("c"))).isInstanceOf(Published.Known.class);
        log.refused(log.log().publish(batch("r1", 8, chunk("late"))), ErrorCode.RUN_ENDED);
        log.post("t", "ann", "m1", "r2");
        log.refused(log.log().expire("t", "r2"), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().publish(batch("r2", 1, started())), ErrorCode.RUN_NOT_FOUND);
    }

    @Test
    void a_run_fed_from_outside_counts_among_the_open_runs_of_its_thread() {
        LogUnderTest log = log();
        for (int i = 0; i < 4; i++) {
            log.done(log.log().open(opening("t", "ann", null, "r" + i)));
        }
        log.refused(log.log().open(opening("t", "ann", null, "r9")), ErrorCode.TOO_MANY_RUNS);
        assertThat(log.done(log.log().open(opening("t", "ann", null, "r3")))).isInstanceOf(Opened.Known.class);
        published(log, 1, completed());
        log.done(log.log().open(opening("t", "ann", null, "r9")));
    }

    @Test
    void an_unknown_run_or_a_run_of_another_thread_is_not_found() {
        LogUnderTest log = log();
        log.post("t1", "ann", "m1", "r1");
        log.claim("t2", "ann");

        log.refused(log.log().append("t1", "r7", List.of(started())), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().append("t2", "r1", List.of(started())), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().append("t3", "r1", List.of(started())), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().run("r7"), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().runOfMessage("t1", "m7"), ErrorCode.RUN_NOT_FOUND);
    }

    @Test
    void open_runs_of_a_thread_are_bounded() {
        LogUnderTest log = log();
        for (int i = 1; i <= WIDE.openRunsPerThreadMax(); i++) {
            log.post("t", "ann", "m" + i, "r" + i);
        }

        assertThat(log.refused(log.log().post(message("t", "ann", "m9", "r9")), ErrorCode.TOO_MANY_RUNS))
                .isEqualTo("runs of thread t that have not ended: 4; allowed: 4");
        assertThat(log.post("t", "ann", "m1", "r9").duplicate()).isTrue();
        assertThat(log.done(log.log().openRuns())).extracting(RunRecord::runId).containsExactly("r1", "r2", "r3", "r4");

        log.append("t", "r2", completed());
        assertThat(log.post("t", "ann", "m9", "r9").duplicate()).isFalse();
    }

    @Test
    void a_terminal_event_completes_what_is_missing_before_it() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        log.post("t", "ann", "m2", "r2");
        log.append("t", "r1", started(), toolExecuting("a"), toolExecuting("b"), toolCompleted("b"));

        log.append("t", "r1", event(AGENT_ERROR, Map.of("code", "agent_lost", "message", "", "retryable", true)));
        assertThat(log.append("t", "r2", completed()).seq()).isEqualTo(10);

        assertThat(log.types("t"))
                .containsExactly(
                        USER_MESSAGE,
                        USER_MESSAGE,
                        AGENT_STARTED,
                        TOOL_EXECUTING,
                        TOOL_EXECUTING,
                        TOOL_COMPLETED,
                        TOOL_COMPLETED,
                        AGENT_ERROR,
                        AGENT_STARTED,
                        AGENT_COMPLETED);
        assertThat(fields(log.readAll("t", 1_000).get(6)).get("payload"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("tool_call_id", "a")
                .containsEntry("tool_name", "search")
                .containsEntry("status", "aborted")
                .containsEntry("result", null)
                .containsKey("duration_ms");
        assertThat(fields(log.readAll("t", 1_000).get(8)).get("payload"))
                .isEqualTo(Map.of("agent", "echo", "message_id", "m2"));
    }

    @Test
    void an_append_that_breaks_the_order_writes_nothing_of_it() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());

        String why = log.refused(
                log.log().append("t", "r1", List.of(chunk("a"), toolCompleted("x"))), ErrorCode.INVALID_FIELD);

        assertThat(why).contains("x").contains("r1");
        assertThat(log.types("t")).containsExactly(USER_MESSAGE, AGENT_STARTED);
        assertThat(log.append("t", "r1", chunk("b")).seq()).isEqualTo(3);
    }

    // ---- readers

    @Test
    void a_reader_that_starts_anywhere_gets_the_rest_without_a_seam() {
        LogUnderTest log = log(remembering(600, 1_000));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        for (int i = 3; i <= 60; i++) {
            log.append("t", "r1", chunk("c" + i));
        }
        String epoch = log.head("t").epoch();

        for (int after = 0; after <= 60; after++) {
            for (int maxBytes : new int[] {1, 300, 100_000}) {
                assertThat(log.readFrom("t", new Cursor(epoch, after), maxBytes))
                        .hasSize(60 - after);
            }
        }
    }

    @Test
    void the_tail_answers_from_memory_and_says_when_it_cannot() {
        LogUnderTest log = log(remembering(600, 1_000));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        for (int i = 3; i <= 20; i++) {
            log.append("t", "r1", chunk("c" + i));
        }
        String epoch = log.head("t").epoch();

        assertThat(log.log().tail("t", new Cursor(epoch, 20), 1_000)).isEqualTo(new Slice.Events(List.of(), false));
        assertThat(log.log().tail("t", new Cursor(epoch, 18), 1)).isInstanceOfSatisfying(Slice.Events.class, events -> {
            assertThat(events.entries()).extracting(Entry::seq).containsExactly(19L);
            assertThat(events.more()).isTrue();
        });
        assertThat(log.log().tail("t", new Cursor(epoch, 0), 1_000)).isEqualTo(new Slice.Behind());
        assertThat(log.await(log.log().load("t", new Cursor(epoch, 0), 1_000)))
                .isInstanceOfSatisfying(
                        Slice.Events.class,
                        events -> assertThat(events.entries().get(0).seq()).isEqualTo(1));
    }

    @Test
    void the_memory_for_recent_events_is_bounded_over_all_threads() {
        LogUnderTest log = log(remembering(2_000, 1_000));
        for (int i = 0; i < 50; i++) {
            log.post("t" + i, "ann", "m", "r" + i);
        }

        assertThat(log.log().tail("t49", new Cursor(log.head("t49").epoch(), 0), 1_000))
                .isInstanceOf(Slice.Events.class);
        assertThat(log.log().tail("t0", new Cursor(log.head("t0").epoch(), 0), 1_000))
                .isInstanceOf(Slice.Behind.class);
        assertThat(log.types("t0")).containsExactly(USER_MESSAGE);
    }

    @Test
    void a_thread_that_was_put_out_of_memory_goes_on_where_it_was() {
        LogUnderTest log = log(remembering(MIB, 2));
        for (int i = 0; i < 10; i++) {
            log.post("t" + i, "ann", "m", "r" + i);
        }
        ThreadHead head = log.head("t0");

        log.append("t0", "r0", started(), toolExecuting("a"));
        for (int i = 1; i < 10; i++) {
            log.append("t" + i, "r" + i, started());
        }
        log.append("t0", "r0", completed());

        assertThat(log.types("t0"))
                .containsExactly(USER_MESSAGE, AGENT_STARTED, TOOL_EXECUTING, TOOL_COMPLETED, AGENT_COMPLETED);
        assertThat(log.claim("t0", "ann").epoch()).isEqualTo(head.epoch());
        assertThat(log.post("t0", "ann", "m", "r77").duplicate()).isTrue();
    }

    @Test
    void a_cursor_of_another_thread_of_that_name_or_of_none_is_told_so() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");

        assertThat(log.read("t", new Cursor("other", 0), 1_000)).isEqualTo(new Slice.Deleted());
        assertThat(log.read("nowhere", new Cursor("other", 0), 1_000)).isEqualTo(new Slice.Deleted());
    }

    @Test
    void a_cursor_beyond_the_head_waits() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        String epoch = log.head("t").epoch();

        assertThat(log.read("t", new Cursor(epoch, 5), 1_000)).isEqualTo(new Slice.Events(List.of(), false));
    }

    // ---- watchers

    @Test
    void a_watcher_is_told_once_for_each_commit_when_everything_is_visible() {
        LogUnderTest log = log();
        String epoch = log.claim("t", "ann").epoch();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        ThreadLog.Watch watch = log.log().watch(moved -> told.add(moved + " " + visible(log, "t", epoch)));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started(), chunk("a"));
        log.claim("other", "ann");
        log.post("t", "ann", "m1", "r2");
        log.settled();

        assertThat(told).containsExactly("[t] 1", "[t] 3");
        watch.close();
        log.append("t", "r1", completed());
        log.settled();
        assertThat(told).hasSize(2);
    }

    private static int visible(LogUnderTest log, String threadId, String epoch) {
        Slice slice = log.log().tail(threadId, new Cursor(epoch, 0), 100_000);
        return slice instanceof Slice.Events events ? events.entries().size() : -1;
    }

    @Test
    void a_watcher_that_throws_harms_nobody() {
        LogUnderTest log = log();
        List<Set<String>> told = Collections.synchronizedList(new ArrayList<>());
        log.log().watch(moved -> {
            throw new IllegalStateException("broken watcher");
        });
        log.log().watch(told::add);

        log.post("t", "ann", "m1", "r1");
        log.settled();

        assertThat(told).containsExactly(Set.of("t"));
    }

    // ---- retention

    @Test
    void a_thread_keeps_no_more_events_than_it_may_and_its_readers_are_told() {
        LogUnderTest log = log(keeping(16, MIB, Retention.FOR_EVER, 64 * MIB));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        for (int i = 3; i <= 100; i++) {
            log.append("t", "r1", chunk("c" + i));
        }

        ThreadHead head = log.head("t");
        assertThat(head.headSeq()).isEqualTo(100);
        assertThat(head.oldestSeq()).isBetween(85L, 87L);
        assertThat(log.read("t", new Cursor(head.epoch(), 3), 1_000)).isEqualTo(new Slice.Trimmed(head));
        assertThat(log.readAll("t", 1_000).get(0).seq()).isEqualTo(head.oldestSeq());
    }

    @Test
    void a_thread_keeps_no_more_bytes_than_it_may() {
        LogUnderTest log = log(keeping(10_000, 8_000, Retention.FOR_EVER, 64 * MIB));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        for (int i = 3; i <= 200; i++) {
            log.append("t", "r1", chunk("c" + i));
            int bytes = log.readAll("t", 100_000).stream()
                    .mapToInt(entry -> entry.json().length)
                    .sum();
            assertThat(bytes).isLessThanOrEqualTo(8_000);
        }
        assertThat(log.readAll("t", 100_000)).hasSizeGreaterThan(40);
    }

    @Test
    void what_is_too_old_goes_when_the_log_sweeps_even_if_nobody_writes() {
        LogUnderTest log = log(keeping(10_000, MIB, Duration.ofHours(1), 64 * MIB));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", completed());
        micros.addAndGet(Duration.ofMinutes(59).toNanos() / 1_000);
        log.post("young", "ann", "m1", "r2");
        log.sweep();
        assertThat(log.types("t")).hasSize(3);

        micros.addAndGet(Duration.ofMinutes(2).toNanos() / 1_000);
        log.sweep();

        ThreadHead head = log.head("t");
        assertThat(head.oldestSeq()).isEqualTo(4);
        assertThat(head.headSeq()).isEqualTo(3);
        assertThat(log.types("t")).isEmpty();
        assertThat(log.types("young")).containsExactly(USER_MESSAGE);
        assertThat(log.post("t", "ann", "m3", "r3").seq()).isEqualTo(4);
    }

    @Test
    void all_threads_together_keep_no_more_than_they_may_and_the_oldest_goes_first() {
        LogUnderTest log = log(keeping(10_000, MIB, Retention.FOR_EVER, 8_000));
        for (int i = 0; i < 100; i++) {
            log.post("t" + i, "ann", "m", "r" + i);
            log.settled();
        }
        log.sweep();

        int bytes = 0;
        boolean kept = false;
        for (int i = 0; i < 100; i++) {
            List<Entry> entries = log.readAll("t" + i, 1_000);
            assertThat(kept && entries.isEmpty())
                    .as("t" + i + " went before an older one")
                    .isFalse();
            kept |= !entries.isEmpty();
            bytes += entries.stream().mapToInt(entry -> entry.json().length).sum();
        }
        assertThat(bytes).isBetween(5_000, 8_000);
    }

    // ---- deletion and lists

    @Test
    void a_deleted_thread_is_gone_with_everything_and_a_new_one_has_a_new_epoch() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        ThreadHead before = log.head("t");
        log.settled();
        List<Set<String>> told = Collections.synchronizedList(new ArrayList<>());
        log.log().watch(told::add);
        log.refused(log.log().delete("t", "bob"), ErrorCode.FORBIDDEN);

        assertThat(log.done(log.log().delete("t", "ann"))).isTrue();
        assertThat(log.done(log.log().delete("t", "ann"))).isFalse();
        log.settled();

        assertThat(told).containsExactly(Set.of("t"));
        assertThat(log.head("t")).isNull();
        assertThat(log.read("t", new Cursor(before.epoch(), 1), 1_000)).isEqualTo(new Slice.Deleted());
        log.refused(log.log().append("t", "r1", List.of(started())), ErrorCode.RUN_NOT_FOUND);
        log.refused(log.log().run("r1"), ErrorCode.RUN_NOT_FOUND);
        assertThat(log.done(log.log().openRuns())).isEmpty();
        assertThat(log.done(log.log().threads("ann", null, 10))).isEmpty();

        assertThat(log.post("t", "bob", "m1", "r2")).isEqualTo(new Posted(1, "r2", false));
        assertThat(log.head("t").epoch()).isNotEqualTo(before.epoch());
        assertThat(log.read("t", new Cursor(before.epoch(), 1), 1_000)).isEqualTo(new Slice.Deleted());
        assertThat(log.types("t")).containsExactly(USER_MESSAGE);
    }

    @Test
    void a_users_threads_are_listed_page_by_page_the_most_recently_active_first() {
        LogUnderTest log = log();
        for (int i = 1; i <= 5; i++) {
            log.post("t" + i, "ann", "m1", "r" + i);
        }
        log.post("b", "bob", "m1", "rb");
        log.claim("empty", "ann");
        log.append("t2", "r2", completed());

        List<ThreadSummary> first = log.done(log.log().threads("ann", null, 3));
        List<ThreadSummary> second = log.done(log.log().threads("ann", first.get(2), 3));

        assertThat(first).extracting(ThreadSummary::threadId).containsExactly("t2", "t5", "t4");
        assertThat(second).extracting(ThreadSummary::threadId).containsExactly("t3", "t1");
        assertThat(first.get(1).title()).isEqualTo("text of m1");
        assertThat(first.get(0).activeMicros()).isGreaterThan(first.get(1).activeMicros());
    }

    @Test
    void the_title_is_the_first_words_of_the_first_message() {
        LogUnderTest log = log();
        log.done(log.log()
                .post(new ThreadLog.Post("t", "ann", "m1", "  How\n do  " + "word ".repeat(50), "r1", "a", null)));
        log.post("t", "ann", "m2", "r2");

        String title = log.done(log.log().threads("ann", null, 3)).get(0).title();

        assertThat(title).startsWith("How do word word").endsWith("word…").hasSizeLessThanOrEqualTo(81);
    }

    // ---- many at once

    @Test
    void appends_from_many_threads_are_each_written_once_in_the_order_of_their_writer() throws Exception {
        LogUnderTest log = log(new LogLimits(
                20_000,
                3,
                64 * MIB,
                16,
                (int) MIB,
                1_000,
                new Retention(100_000, 64 * MIB, Retention.FOR_EVER, 64 * MIB)));
        int writers = 4;
        int each = 200;
        CountDownLatch begin = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        List<CompletionStage<?>> stages = Collections.synchronizedList(new ArrayList<>());
        for (int w = 0; w < writers; w++) {
            String runId = "r" + w;
            String threadId = "t" + w % 2;
            log.post(threadId, "ann", "m" + w, runId);
            log.append(threadId, runId, started());
            Thread thread = new Thread(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                for (int i = 0; i < each; i++) {
                    stages.add(log.log().append(threadId, runId, List.of(chunk(runId + ":" + i))));
                    log.log().claim("x" + i, "ann");
                }
            });
            thread.start();
            threads.add(thread);
        }
        begin.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        stages.forEach(log::await);

        for (int w = 0; w < writers; w++) {
            String runId = "r" + w;
            List<Entry> entries = log.readAll("t" + w % 2, 10_000).stream()
                    .filter(entry -> runId.equals(entry.runId()) && entry.type() == AGENT_RESPONSE_CHUNK)
                    .toList();
            assertThat(entries).hasSize(each);
            for (int i = 0; i < each; i++) {
                assertThat(fields(entries.get(i)).get("payload")).isEqualTo(Map.of("text", runId + ":" + i));
            }
        }
    }

    @Test
    void a_closed_log_takes_nothing() {
        LogUnderTest log = log();
        log.post("t", "ann", "m1", "r1");
        log.close();

        log.refused(log.log().post(message("t", "ann", "m2", "r2")), ErrorCode.UNAVAILABLE);
        log.refused(log.log().claim("t", "ann"), ErrorCode.UNAVAILABLE);
    }
}
