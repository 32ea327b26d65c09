package io.handfast.run;

import io.handfast.agent.AgentRequest.Role;
import io.handfast.agent.AgentRequest.Turn;
import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The conversation of a thread up to a run, read from the thread's log. An answer stands right behind the message that it
 * answers, although the next message may have been written before it. Methods block; they throw
 * {@link IllegalStateException} when the log cannot be read.
 */
final class History {
    private static final int BATCH_BYTES = 256 * 1024;

    private final ThreadLog log;
    private final String threadId;
    private final String runId;

    /** @param runId the run that looks back: what belongs to earlier ones is its history */
    History(ThreadLog log, String threadId, String runId) {
        this.log = log;
        this.threadId = threadId;
        this.runId = runId;
    }

    /** What was said before. */
    List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        for (Earlier run : earlier()) {
            if (run.message != null) {
                turns.add(new Turn(Role.USER, text(run.message, "message_id"), text(run.message, "text")));
            }
            if (run.completed != null) {
                turns.add(new Turn(Role.AGENT, run.runId, text(run.completed, "text")));
            }
        }
        return turns;
    }

    /** What the run right before waits for; empty when that did not complete, or was another agent's. */
    @SuppressWarnings("unchecked") // Json makes objects with string keys
    List<Map<String, Object>> pending(String agent) {
        List<Earlier> runs = earlier();
        Earlier before = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        Entry last = before != null && before.isOf(agent) ? before.completed : null;
        List<Map<String, Object>> pending = new ArrayList<>();
        if (last != null && last.payload().get("pending") instanceof List<?> list) {
            for (Object element : list) {
                if (element instanceof Map<?, ?> object) {
                    pending.add((Map<String, Object>) object);
                }
            }
        }
        return pending;
    }

    /** One run of the thread, as far as it matters here. */
    private static final class Earlier {
        final String runId;

        @Nullable
        Entry message;

        @Nullable
        Entry started;

        @Nullable
        Entry completed;

        Earlier(String runId) {
            this.runId = runId;
        }

        boolean isOf(String agent) {
            return started != null && text(started, "agent").equals(agent);
        }
    }

    /** The runs before this one, in the order in which they were opened. */
    private List<Earlier> earlier() {
        Map<String, Earlier> runs = new LinkedHashMap<>();
        read(entry -> {
            String id = entry.runId();
            if (id != null && entry.type() == EventType.USER_MESSAGE) {
                runs.computeIfAbsent(id, Earlier::new).message = entry;
            } else if (id != null && entry.type() == EventType.AGENT_STARTED) {
                runs.computeIfAbsent(id, Earlier::new).started = entry;
            } else if (id != null && entry.type() == EventType.AGENT_COMPLETED) {
                runs.computeIfAbsent(id, Earlier::new).completed = entry;
            }
        });
        List<Earlier> earlier = new ArrayList<>();
        for (Map.Entry<String, Earlier> run : runs.entrySet()) {
            if (run.getKey().equals(runId)) {
                break;
            }
            earlier.add(run.getValue());
        }
        return earlier;
    }

    private void read(Consumer<Entry> reader) {
        Outcome<Optional<ThreadHead>> outcome = await(log.head(threadId));
        if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
            throw new IllegalStateException("the history cannot be read: " + refused.message());
        }
        ThreadHead head = ((Outcome.Done<Optional<ThreadHead>>) outcome).value().orElse(null);
        long seq = head == null ? 0 : head.oldestSeq() - 1;
        while (head != null && seq < head.headSeq()) {
            Slice slice = await(log.load(threadId, new Cursor(head.epoch(), seq), BATCH_BYTES));
            if (slice instanceof Slice.Trimmed trimmed) {
                seq = trimmed.head().oldestSeq() - 1;
            } else if (slice instanceof Slice.Events events && !events.entries().isEmpty()) {
                events.entries().forEach(reader);
                seq = events.entries().get(events.entries().size() - 1).seq();
            } else if (slice instanceof Slice.Unavailable unavailable) {
                throw new IllegalStateException("the history cannot be read: " + unavailable.why());
            } else {
                return; // the thread was deleted meanwhile
            }
        }
    }

    private static String text(Entry entry, String field) {
        if (entry.payload().get(field) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("event " + entry.seq() + " of the log has no " + field);
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the history cannot be read", e.getCause());
        }
    }
}
