package io.handfast.run;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: the runs of one thread one after the other, in the order that the log gave their messages; those of
 * different threads independently. It begins nothing itself: it answers which run is to begin.
 *
 * <p>Answers of the log may overtake each other on their way here. So a run waits until every message of its thread that was
 * under way when its own was answered has been answered too: one of those may stand before it.
 */
final class RunQueue {
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<String, Run> byRunId = new HashMap<>();
    private final Map<MessageKey, Run> byMessage = new HashMap<>();
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private boolean draining;

    private record MessageKey(String threadId, String messageId) {}

    private record Waiting(Run run, long seq, long barrier) {}

    /** The runs of one thread. */
    private static final class Line {
        /** Messages on their way into the log, with a number that rises, oldest first. */
        final Map<Run, Long> posting = new LinkedHashMap<>();

        final PriorityQueue<Waiting> waiting = new PriorityQueue<>(Comparator.comparingLong(Waiting::seq));
        /** Runs that an earlier process left open. Nothing begins before they are closed. */
        final Set<Run> orphans = new HashSet<>();

        long nextNumber;

        @Nullable
        Run executing;

        @Nullable
        Run next() {
            Waiting first = waiting.peek();
            if (executing != null || first == null || !orphans.isEmpty()) {
                return null;
            }
            if (!posting.isEmpty() && posting.values().iterator().next() < first.barrier()) {
                return null;
            }
            waiting.remove();
            executing = first.run();
            return executing;
        }

        boolean empty() {
            return posting.isEmpty() && waiting.isEmpty() && orphans.isEmpty() && executing == null;
        }
    }

    /** A message is about to be posted. False while draining: it must not be. */
    synchronized boolean posting(Run run) {
        if (draining) {
            return false;
        }
        Run.Task task = run.task();
        Line line = lines.computeIfAbsent(task.threadId(), id -> new Line());
        line.posting.put(run, line.nextNumber++);
        byRunId.putIfAbsent(task.runId(), run); // an id that a client chose may come twice; the log takes it once
        if (task.messageId() != null) {
            byMessage.putIfAbsent(new MessageKey(task.threadId(), task.messageId()), run);
        }
        return true;
    }

    /** Its message has a place in the log. Answers the run to begin now, if there is one. */
    synchronized @Nullable Run posted(Run run, long seq) {
        Line line = line(run);
        line.posting.remove(run);
        line.waiting.add(new Waiting(run, seq, line.nextNumber));
        return next(line);
    }

    /** A run that an earlier process left open. False when it is known: it belongs to this process. */
    synchronized boolean orphan(Run run) {
        if (byRunId.putIfAbsent(run.task().runId(), run) != null) {
            return false;
        }
        return lines.computeIfAbsent(run.task().threadId(), id -> new Line())
                .orphans
                .add(run);
    }

    /** It is over, or never came to be. Answers the run to begin now, if there is one. */
    synchronized @Nullable Run over(Run run) {
        Run.Task task = run.task();
        Line line = line(run);
        line.posting.remove(run);
        line.orphans.remove(run);
        line.waiting.removeIf(waiting -> waiting.run() == run);
        if (line.executing == run) {
            line.executing = null;
        }
        byRunId.remove(task.runId(), run);
        if (task.messageId() != null) {
            byMessage.remove(new MessageKey(task.threadId(), task.messageId()), run);
        }
        Run next = next(line);
        if (line.empty()) {
            lines.remove(task.threadId());
            completeIfIdle();
        }
        return next;
    }

    private @Nullable Run next(Line line) {
        return draining ? null : line.next();
    }

    private Line line(Run run) {
        Line line = lines.get(run.task().threadId());
        if (line == null) {
            throw new IllegalStateException("run " + run.task().runId() + " is not in the queue");
        }
        return line;
    }

    /** The runs of a thread whose messages are in the log, those that wait before the one that executes. */
    synchronized List<Run> opened(String threadId) {
        Line line = lines.get(threadId);
        List<Run> opened = new ArrayList<>();
        if (line != null) {
            line.waiting.forEach(waiting -> opened.add(waiting.run()));
            opened.addAll(line.orphans);
            if (line.executing != null) {
                opened.add(line.executing);
            }
        }
        return opened;
    }

    synchronized @Nullable Run byRunId(String runId) {
        return byRunId.get(runId);
    }

    synchronized @Nullable Run byMessage(String threadId, String messageId) {
        return byMessage.get(new MessageKey(threadId, messageId));
    }

    /** Takes no further messages and begins no further runs. Answers the runs that wait. */
    synchronized List<Run> drain() {
        draining = true;
        List<Run> waiting = new ArrayList<>();
        for (Line line : lines.values()) {
            line.waiting.forEach(run -> waiting.add(run.run()));
        }
        completeIfIdle();
        return waiting;
    }

    synchronized boolean draining() {
        return draining;
    }

    synchronized Collection<Run> all() {
        return List.copyOf(byRunId.values());
    }

    /** Done when draining and nothing is left. */
    CompletionStage<Void> idle() {
        return idle.minimalCompletionStage();
    }

    private void completeIfIdle() {
        if (draining && lines.isEmpty()) {
            idle.complete(null);
        }
    }
}
