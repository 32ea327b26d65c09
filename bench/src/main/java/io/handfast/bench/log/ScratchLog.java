package io.handfast.bench.log;

import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import io.handfast.rocksdb.Durability;
import io.handfast.rocksdb.RocksSettings;
import io.handfast.rocksdb.RocksThreadLog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The log of the server, in a directory of its own, with conversations in which a run is under way. */
final class ScratchLog implements AutoCloseable {
    private static final String USER = "bench";
    private static final long SEED = 1;

    /** A time and a place of usual length, to see what an event weighs beside its payload. */
    private static final long SOME_MICROS = 1_763_840_000_123_456L;

    private static final long SOME_SEQ = 1_234;

    private final RocksThreadLog rocks;

    private ScratchLog(RocksThreadLog rocks) {
        this.rocks = rocks;
    }

    static ScratchLog open(Path directory, Durability durability, LogLimits limits) throws StoreException {
        return new ScratchLog(RocksThreadLog.open(
                RocksSettings.of(directory, durability), limits, Clock.systemUTC(), LogObserver.NONE));
    }

    ThreadLog log() {
        return rocks.log();
    }

    /** Ids as long as those of a server. */
    static Conversation conversation(int number) {
        String digits = String.format(Locale.ROOT, "%08d", number);
        return new Conversation("thread-" + digits, "run-" + digits + digits);
    }

    /** Pieces of answers that make events of {@link LogPlan#EVENT_BYTES}. */
    static Payloads payloads() {
        Conversation any = conversation(0);
        byte[] empty = EventEncoder.encode(
                EventType.AGENT_RESPONSE_CHUNK, any.threadId(), SOME_SEQ, SOME_MICROS, any.runId(), new byte[0]);
        return new Payloads(LogPlan.EVENT_BYTES - empty.length, SEED);
    }

    /** Opens conversations, each with a message and a run that has started. */
    List<Conversation> converse(int count) {
        List<Conversation> conversations = new ArrayList<>(count);
        List<CompletionStage<? extends Outcome<?>>> opened = new ArrayList<>();
        List<EventDraft> started =
                List.of(new EventDraft(EventType.AGENT_STARTED, Json.write(Map.of("agent", "bench"))));
        for (int i = 0; i < count; i++) {
            Conversation conversation = conversation(i);
            conversations.add(conversation);
            opened.add(log().post(new ThreadLog.Post(
                    conversation.threadId(),
                    USER,
                    "m-" + conversation.runId(),
                    "How much does it cost?",
                    conversation.runId(),
                    "bench",
                    null)));
            opened.add(log().append(conversation.threadId(), conversation.runId(), started));
        }
        opened.forEach(stage -> done(stage.toCompletableFuture().join()));
        return conversations;
    }

    /** Appends so many events to each, in turns, as conversations that go on at the same time do. */
    void fill(List<Conversation> conversations, int eventsEach) {
        Payloads payloads = payloads();
        for (int i = 0; i < eventsEach; i++) {
            List<CompletionStage<Outcome<ThreadLog.Appended>>> appended = new ArrayList<>(conversations.size());
            for (Conversation conversation : conversations) {
                appended.add(log().append(conversation.threadId(), conversation.runId(), payloads.next()));
            }
            appended.forEach(stage -> done(stage.toCompletableFuture().join()));
        }
    }

    /** The value of what was done; a benchmark of refusals would be fast, and worth nothing. */
    static <T> T done(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Refused<T> refused) {
            throw new IllegalStateException("the log refused what the benchmark asked: " + refused.message());
        }
        return ((Outcome.Done<T>) outcome).value();
    }

    @Override
    public void close() {
        rocks.close();
    }
}
