package io.handfast.log;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.message;
import static io.handfast.log.LogUnderTest.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Appended;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What waits is committed together; a commit that fails leaves nothing; a store that fails harms only who needs it. */
class GroupCommitTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong micros = new AtomicLong(1_000_000);
    private final FaultyStore store = new FaultyStore(new MemoryStore("g"));
    private final LateLog late = LateLog.over(store, limits(MIB, 8, 100), micros::incrementAndGet, 1);
    private final LogUnderTest log = late.log();

    private static LogLimits limits(long waitingBytes, int batchRequests, int residentThreads) {
        return new LogLimits(
                MIB,
                residentThreads,
                waitingBytes,
                batchRequests,
                (int) MIB,
                16,
                new Retention(1_000, MIB, Retention.FOR_EVER, MIB));
    }

    @Test
    void everything_that_waits_is_committed_in_one_write_and_watchers_are_called_once() {
        List<Set<String>> told = new ArrayList<>();
        log.log().watch(told::add);
        List<CompletionStage<Outcome<Posted>>> posts = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            posts.add(log.log().post(message("t" + i % 2, "ann", "m" + i, "r" + i)));
        }
        assertThat(posts).noneMatch(post -> post.toCompletableFuture().isDone());

        assertThat(late.writer().runOne()).isTrue();

        assertThat(posts).allMatch(post -> post.toCompletableFuture().isDone());
        assertThat(store.commitsSeen()).isEqualTo(1);
        assertThat(told).containsExactly(Set.of("t0", "t1"));
        assertThat(late.writer().runOne()).isFalse();
    }

    @Test
    void a_lone_append_waits_for_no_company() {
        log.log().post(message("t", "ann", "m", "r"));

        assertThat(late.writer().runOne()).isTrue();

        assertThat(store.commitsSeen()).isEqualTo(1);
    }

    @Test
    void a_batch_is_bounded() {
        for (int i = 0; i < 20; i++) {
            log.log().post(message("t" + i, "ann", "m", "r" + i));
        }

        late.writer().runOne();

        assertThat(store.commitsSeen()).isEqualTo(3);
    }

    @Test
    void nothing_is_visible_before_it_is_committed() {
        CompletionStage<Outcome<Posted>> post = log.log().post(message("t", "ann", "m", "r"));

        assertThat(post.toCompletableFuture()).isNotDone();
        assertThat(log.log().head("t").toCompletableFuture()).isNotDone();
        late.loads().runAll();
        assertThat(log.log().tail("t", new Cursor("1-g", 0), 100)).isEqualTo(new Slice.Behind());
    }

    @Test
    void a_commit_that_fails_leaves_nothing_of_its_batch() {
        log.post("t", "ann", "m1", "r1");
        List<Set<String>> told = new ArrayList<>();
        log.log().watch(told::add);
        store.commits(FaultyStore.Fault.LOST);
        CompletionStage<Outcome<Posted>> first = log.log().post(message("t", "ann", "m2", "r2"));
        CompletionStage<Outcome<Posted>> repeat = log.log().post(message("t", "ann", "m2", "r3"));
        CompletionStage<Outcome<Appended>> end = log.log().append("t", "r1", List.of(completed()));
        CompletionStage<Outcome<Appended>> late = log.log().append("t", "r1", List.of(chunk("after the end")));
        CompletionStage<Outcome<ThreadHead>> claim = log.log().claim("new", "ann");

        log.refused(first, ErrorCode.UNAVAILABLE);
        log.refused(repeat, ErrorCode.UNAVAILABLE);
        log.refused(end, ErrorCode.UNAVAILABLE);
        log.refused(late, ErrorCode.UNAVAILABLE);
        log.refused(claim, ErrorCode.UNAVAILABLE);
        store.commits(FaultyStore.Fault.NONE);

        assertThat(told).isEmpty();
        assertThat(log.head("t").headSeq()).isEqualTo(1);
        assertThat(log.claim("new", "bob").ownerId()).isEqualTo("bob");
        assertThat(log.post("t", "ann", "m2", "r4")).isEqualTo(new Posted(2, "r4", false));
        assertThat(log.append("t", "r1", started(), completed()).seq()).isEqualTo(4);
    }

    @Test
    void a_commit_that_was_written_although_it_failed_is_found_by_the_repeat() {
        log.post("t", "ann", "m1", "r1");
        store.commits(FaultyStore.Fault.WRITTEN);
        log.refused(log.log().post(message("t", "ann", "m2", "r2")), ErrorCode.UNAVAILABLE);
        store.commits(FaultyStore.Fault.NONE);

        assertThat(log.post("t", "ann", "m2", "r3")).isEqualTo(new Posted(2, "r2", true));
        assertThat(log.post("t", "ann", "m3", "r4").seq()).isEqualTo(3);
        assertThat(log.readAll("t", 1_000)).hasSize(3);
    }

    @Test
    void readers_in_memory_go_on_while_the_store_cannot_be_read() {
        log.post("t", "ann", "m1", "r1");
        ThreadHead head = log.head("t");
        store.readsFail(true);

        assertThat(log.readFrom("t", new Cursor(head.epoch(), 0), 1_000)).hasSize(1);
        assertThat(log.await(log.log().load("cold", new Cursor("e", 0), 1_000))).isInstanceOf(Slice.Unavailable.class);
        log.refused(log.log().head("cold"), ErrorCode.UNAVAILABLE);
        log.refused(log.log().openRuns(), ErrorCode.UNAVAILABLE);

        store.readsFail(false);
        assertThat(log.await(log.log().load("cold", new Cursor("e", 0), 1_000))).isEqualTo(new Slice.Deleted());
    }

    @Test
    void a_request_whose_thread_cannot_be_read_is_refused_and_its_batch_goes_on() {
        log.post("t", "ann", "m1", "r1");
        CompletionStage<Outcome<Posted>> cold = log.log().post(message("cold", "ann", "m", "r"));
        CompletionStage<Outcome<Appended>> warm = log.log().append("t", "r1", List.of(started()));
        store.readsFail(true);
        late.writer().runAll();
        store.readsFail(false);

        log.refused(cold, ErrorCode.UNAVAILABLE);
        assertThat(log.done(warm).seq()).isEqualTo(2);
    }

    @Test
    void an_append_waits_behind_one_page_of_trims_at_most_however_much_is_too_old() {
        Duration age = Duration.ofHours(1);
        LogLimits limits = limits(MIB, 8, 1_000).with(new Retention(1_000, MIB, age, Retention.UNLIMITED));
        LateLog old = LateLog.over(store, limits, micros::incrementAndGet, 1);
        for (int i = 0; i < 200; i++) {
            old.log().post("t" + i, "ann", "m", "r" + i);
        }
        micros.addAndGet(age.toNanos() / 1_000);
        CompletionStage<Boolean> swept = ((EmbeddedThreadLog) old.log().log()).sweep();
        old.loads().runAll();
        CompletionStage<Outcome<Appended>> append = old.log().log().append("t7", "r7", List.of(started()));

        old.writer().runOne();

        assertThat(append.toCompletableFuture()).isDone();
        assertThat(swept.toCompletableFuture()).isNotDone();
        assertThat(old.log().await(swept)).isTrue();
        assertThat(old.log().head("t199").oldestSeq()).isEqualTo(2);
    }

    @Test
    void what_becomes_too_much_behind_the_back_of_a_sweep_goes_with_the_next_which_nobody_has_to_ask_for() {
        int bytesTotal = 30_000;
        LogLimits limits = limits(MIB, 8, 1_000).with(new Retention(1_000, MIB, Retention.FOR_EVER, bytesTotal));
        LateLog full = LateLog.over(store, limits, micros::incrementAndGet, 1);
        String text = "x".repeat(200);
        full.log().post("a", "ann", "m", "ra");
        full.log().append("a", "ra", started());
        for (int i = 100; i < 200; i++) {
            full.log().claim("idle" + i, "ann");
        }
        full.log().post("z", "ann", "m", "rz");
        full.log().append("z", "rz", started());
        fill(full, "a", "ra", text);
        assertThat(full.loads().runOne()).as("a sweep's first page").isTrue();
        full.writer().runAll(); // its trims; the other pages hold nothing old
        fill(full, "z", "rz", text);
        full.log().head("z"); // lets everything be done that is under way, and writes nothing

        long retained = full.log().readAll("z", 1 << 20).stream()
                .mapToLong(entry -> entry.json().length)
                .sum();
        assertThat(retained).isBetween(1L, (long) bytesTotal);
    }

    private static void fill(LateLog full, String threadId, String runId, String text) {
        for (int i = 0; i < 150; i++) {
            full.log().log().append(threadId, runId, List.of(chunk(text)));
        }
        full.writer().runAll();
    }

    @Test
    void a_sweep_that_is_asked_for_during_another_begins_when_that_ends_once_for_all_who_asked() {
        EmbeddedThreadLog swept = (EmbeddedThreadLog) log.log();
        CompletionStage<Boolean> first = swept.sweep();
        CompletionStage<Boolean> second = swept.sweep();
        assertThat(swept.sweep()).isSameAs(second).isNotSameAs(first);

        assertThat(late.loads().runOne()).isTrue();

        assertThat(first).isCompletedWithValue(true);
        assertThat(second.toCompletableFuture()).isNotDone();
        assertThat(log.await(second)).isTrue();
        assertThat(late.loads().runOne()).isFalse();
    }

    @Test
    void more_than_may_wait_is_refused_at_once() {
        LateLog small = LateLog.over(new MemoryStore("g"), limits(1_000, 8, 100), micros::incrementAndGet, 1);
        List<CompletionStage<Outcome<Posted>>> posts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            posts.add(small.log().log().post(message("t", "ann", "m" + i, "r" + i)));
        }

        CompletionStage<Outcome<Posted>> last = posts.get(9);
        assertThat(last.toCompletableFuture()).isDone();
        small.log().refused(last, ErrorCode.UNAVAILABLE);
        small.log().done(posts.get(0));
        assertThat(small.log().post("t", "ann", "m9", "r9").duplicate()).isFalse();
    }
}
