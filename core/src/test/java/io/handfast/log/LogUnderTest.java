package io.handfast.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.ThreadLog.Appended;
import io.handfast.log.ThreadLog.Post;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Drives a log in a test: verbs do one thing and answer what came of it, whenever the log completes it. */
public final class LogUnderTest {
    private static final long ANSWER_SECONDS = 30;

    private final ThreadLog log;
    private final Runnable settle;
    private final Runnable release;
    private final AtomicLong barriers = new AtomicLong();

    /** A log whose executors work by themselves. */
    public LogUnderTest(ThreadLog log) {
        this(log, () -> {}, () -> {});
    }

    /**
     * @param settle lets a log whose executors belong to the test do what it has to do
     * @param release makes these executors work by themselves
     */
    public LogUnderTest(ThreadLog log, Runnable settle, Runnable release) {
        this.log = log;
        this.settle = settle;
        this.release = release;
    }

    public void close() {
        release.run();
        log.close();
    }

    public ThreadLog log() {
        return log;
    }

    public <T> T await(CompletionStage<T> stage) {
        settle.run();
        try {
            return stage.toCompletableFuture().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("a stage of the log did not complete", e);
        }
    }

    /** Returns when the watchers of everything before have been called: they are before the next batch begins. */
    public void settled() {
        claim("settled-" + barriers.incrementAndGet(), "nobody");
    }

    /** Drops what is beyond retention, and returns when that is done. */
    public void sweep() {
        assertThat(await(((EmbeddedThreadLog) log).sweep())).isTrue();
    }

    public <T> T done(CompletionStage<Outcome<T>> stage) {
        Outcome<T> outcome = await(stage);
        if (outcome instanceof Outcome.Done<T> done) {
            return done.value();
        }
        throw new AssertionError("refused: " + outcome);
    }

    public <T> String refused(CompletionStage<Outcome<T>> stage, ErrorCode code) {
        Outcome<T> outcome = await(stage);
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
        return outcome instanceof Outcome.Refused<T> refused ? refused.message() : "";
    }

    public ThreadHead claim(String threadId, String userId) {
        return done(log.claim(threadId, userId));
    }

    @SuppressWarnings("NullAway") // null for none: most tests know that there is one
    public ThreadHead head(String threadId) {
        return done(log.head(threadId)).orElse(null);
    }

    public static Post message(String threadId, String userId, String messageId, String runId) {
        return new Post(threadId, userId, messageId, "text of " + messageId, runId, "echo", null);
    }

    public Posted post(String threadId, String userId, String messageId, String runId) {
        return done(log.post(message(threadId, userId, messageId, runId)));
    }

    public Appended append(String threadId, String runId, EventDraft... events) {
        return done(log.append(threadId, runId, List.of(events)));
    }

    public RunRecord run(String runId) {
        return done(log.run(runId));
    }

    public static EventDraft event(EventType type, Map<String, ?> payload) {
        return new EventDraft(type, Json.write(payload));
    }

    public static EventDraft started() {
        return event(EventType.AGENT_STARTED, Map.of("agent", "echo"));
    }

    public static EventDraft chunk(String text) {
        return event(EventType.AGENT_RESPONSE_CHUNK, Map.of("text", text));
    }

    public static EventDraft completed() {
        return event(EventType.AGENT_COMPLETED, Map.of("text", "", "duration_ms", 1));
    }

    public static EventDraft toolExecuting(String id) {
        return event(
                EventType.TOOL_EXECUTING, Map.of("tool_call_id", id, "tool_name", "search", "arguments", Map.of()));
    }

    public static EventDraft toolCompleted(String id) {
        return event(
                EventType.TOOL_COMPLETED,
                Map.of("tool_call_id", id, "tool_name", "search", "status", "ok", "result", 1, "duration_ms", 2));
    }

    /** Reads a thread from its oldest event to its head as a reader does: from memory, else from the store. */
    public List<Entry> readAll(String threadId, int maxBytes) {
        ThreadHead head = head(threadId);
        return head == null ? List.of() : readFrom(threadId, new Cursor(head.epoch(), head.oldestSeq() - 1), maxBytes);
    }

    public List<Entry> readFrom(String threadId, Cursor cursor, int maxBytes) {
        List<Entry> read = new ArrayList<>();
        long seq = cursor.seq();
        while (true) {
            Slice slice = read(threadId, new Cursor(cursor.epoch(), seq), maxBytes);
            if (!(slice instanceof Slice.Events events)) {
                throw new AssertionError("behind " + seq + ": " + slice);
            }
            for (Entry entry : events.entries()) {
                assertThat(entry.seq()).isEqualTo(++seq);
                read.add(entry);
            }
            if (events.entries().isEmpty()) {
                assertThat(events.more()).isFalse();
                return read;
            }
        }
    }

    public Slice read(String threadId, Cursor cursor, int maxBytes) {
        Slice slice = log.tail(threadId, cursor, maxBytes);
        return slice instanceof Slice.Behind ? await(log.load(threadId, cursor, maxBytes)) : slice;
    }

    public List<EventType> types(String threadId) {
        return readAll(threadId, 1_000).stream().map(Entry::type).toList();
    }

    /** The fields of an event as a client reads them. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> fields(Entry entry) {
        try {
            return (Map<String, Object>) Objects.requireNonNull(Json.read(entry.json()));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }
}
