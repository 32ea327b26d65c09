package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import io.handfast.log.Cursor;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.Entry;
import io.handfast.log.FaultyStore;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.MemoryStore;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Conversations over a log in memory, in virtual time, on the test's thread. */
final class RunWorld {
    static final String THREAD = "t";
    static final String USER = "ann";
    static final long START_MICROS = 1_700_000_000_000_000L;

    final VirtualTime time = new VirtualTime();
    final HeldExecutor writer = new HeldExecutor();
    final FaultyStore store = new FaultyStore(new MemoryStore("g"));
    final FlakyLog log;
    final ScriptedHost host = new ScriptedHost();
    final RunCounts counts = new RunCounts();
    RunLimits limits = RunLimits.ofDefaults();
    LocalConversations conversations;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger incarnations = new AtomicInteger();

    RunWorld() {
        this(List.of(agent("scripted")));
    }

    RunWorld(List<Agent> agents) {
        log = new FlakyLog(new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                store,
                writer,
                Runnable::run,
                () -> START_MICROS + TimeUnit.NANOSECONDS.toMicros(time.getAsLong()),
                () -> "i" + incarnations.incrementAndGet(),
                LogLimits.forMemory(),
                LogObserver.NONE)));
        conversations = conversations(host, agents);
    }

    /** Another process on the same log. */
    LocalConversations conversations(AgentHost host, List<Agent> agents) {
        return new LocalConversations(
                new RunEnvironment(log, host, time, time, () -> "r" + runs.incrementAndGet(), counts, limits),
                new Agents(agents));
    }

    static Agent agent(String name) {
        return agent(name, null);
    }

    /** @param deadline of its own; null for none */
    static Agent agent(String name, @Nullable Duration deadline) {
        return new Agent() {
            @Override
            public Optional<Duration> deadline() {
                return Optional.ofNullable(deadline);
            }

            @Override
            public String name() {
                return name;
            }

            @Override
            public String description() {
                return "For tests.";
            }

            @Override
            public void run(AgentRequest request, AgentEvents events) {
                throw new IllegalStateException("a host plays this agent");
            }
        };
    }

    /** Posts a message and answers the id of its run. */
    String post(String text) {
        return post(THREAD, text, null);
    }

    String post(String threadId, String text, @Nullable String options) {
        return done(send(threadId, "m" + messages.incrementAndGet(), text, options))
                .runId();
    }

    CompletionStage<Outcome<ThreadLog.Posted>> send(
            String threadId, String messageId, String text, @Nullable String options) {
        return conversations.post(
                USER,
                new Conversations.UserMessage(
                        threadId,
                        messageId,
                        text,
                        null,
                        options == null ? null : options.getBytes(StandardCharsets.UTF_8),
                        null));
    }

    CompletionStage<Outcome<String>> cancel(String runId) {
        return conversations.cancel(USER, THREAD, new Conversations.RunReference.ByRun(runId));
    }

    static <T> T done(CompletionStage<Outcome<T>> stage) {
        Outcome<T> outcome = now(stage);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    static <T> Outcome.Refused<T> refused(CompletionStage<Outcome<T>> stage) {
        Outcome<T> outcome = now(stage);
        assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        return (Outcome.Refused<T>) outcome;
    }

    static <T> T now(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).as("the stage").isDone();
        return stage.toCompletableFuture().join();
    }

    List<Entry> entries() {
        return entries(THREAD);
    }

    List<Entry> entries(String threadId) {
        ThreadHead head = done(log.head(threadId)).orElse(null);
        if (head == null) {
            return List.of();
        }
        Slice slice = now(log.load(threadId, new Cursor(head.epoch(), 0), Integer.MAX_VALUE));
        return ((Slice.Events) slice).entries();
    }

    /** The events of a run, each as its type and, where it has one, its telling field. */
    List<String> events(String runId) {
        return entries().stream()
                .filter(entry -> runId.equals(entry.runId()) && entry.type() != EventType.USER_MESSAGE)
                .map(RunWorld::told)
                .toList();
    }

    static String told(Entry entry) {
        Map<?, ?> payload = payload(entry);
        for (String field : List.of("code", "by", "status", "text")) {
            if (payload.containsKey(field)) {
                return entry.type().wireName() + " " + payload.get(field);
            }
        }
        return entry.type().wireName();
    }

    static Map<?, ?> payload(Entry entry) {
        try {
            if (Json.read(entry.json()) instanceof Map<?, ?> event
                    && event.get("payload") instanceof Map<?, ?> payload) {
                return payload;
            }
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("event " + entry.seq() + " has no payload");
    }

    Map<?, ?> lastPayload() {
        List<Entry> entries = entries();
        return payload(entries.get(entries.size() - 1));
    }

    void assertLegal() {
        assertThat(RunGrammar.violations(entries())).isEmpty();
    }
}
