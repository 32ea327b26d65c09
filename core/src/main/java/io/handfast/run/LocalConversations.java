package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Conversations whose agents work in this process.
 *
 * <p>A start calls {@link #recover} and awaits it before it takes connections; a stop calls {@link #drain}.
 */
public final class LocalConversations implements Conversations {
    private static final String LOST_IN_DRAIN = "the server stopped before the agent was done; ask again";

    private final RunEnvironment environment;
    private final Agents agents;
    private final CancellationInLog cancellation;
    private final OpenRunsOfUsers openRuns;
    private final OutsideRuns outside;
    private final RunQueue queue = new RunQueue();

    public LocalConversations(RunEnvironment environment, Agents agents) {
        this.environment = environment;
        this.agents = agents;
        this.openRuns = new OpenRunsOfUsers(environment.limits().openRunsPerUserMax());
        this.outside = new OutsideRuns(environment, openRuns);
        this.cancellation = new CancellationInLog(environment.log(), outside);
    }

    /** The runs that are fed from outside. */
    public OutsideRuns outside() {
        return outside;
    }

    @Override
    public List<Agent> agents() {
        return agents.all();
    }

    @Override
    public CompletionStage<Outcome<ThreadLog.Posted>> post(String userId, UserMessage message) {
        Outcome<Agents.Named> found = agents.find(message.agent());
        if (found instanceof Outcome.Refused<Agents.Named> unknown) {
            return refused(unknown.code(), unknown.message());
        }
        Agents.Named agent = ((Outcome.Done<Agents.Named>) found).value();
        if (openRuns.take(userId)) {
            return post(userId, message, agent);
        }
        // A message that is known starts nothing: its repeat is answered however many runs there are.
        return environment
                .log()
                .runOfMessage(message.threadId(), message.messageId())
                .thenCompose(known -> {
                    if (known instanceof Outcome.Refused<ThreadLog.RunRecord>) {
                        return refused(ErrorCode.TOO_MANY_RUNS, openRuns.refusal(userId));
                    }
                    openRuns.add(userId);
                    return post(userId, message, agent);
                });
    }

    /** Posts a message whose run is counted. */
    private CompletionStage<Outcome<ThreadLog.Posted>> post(String userId, UserMessage message, Agents.Named agent) {
        Run run = new Run(
                environment,
                new Run.Task(
                        message.threadId(),
                        message.runId() != null
                                ? message.runId()
                                : environment.runIds().get(),
                        userId,
                        message.messageId(),
                        agent.name(),
                        new AgentWork(
                                agent.agent(),
                                message.messageId(),
                                message.text(),
                                message.options(),
                                message.traceparent())),
                over -> {
                    openRuns.give(userId);
                    over(over);
                });
        if (!queue.posting(run)) {
            openRuns.give(userId);
            return refused(ErrorCode.DRAINING, "this server is about to stop; send it again after reconnecting");
        }
        return environment
                .log()
                .post(new ThreadLog.Post(
                        message.threadId(),
                        userId,
                        message.messageId(),
                        message.text(),
                        run.task().runId(),
                        agent.name(),
                        message.options()))
                .thenApply(outcome -> {
                    posted(run, outcome);
                    return outcome;
                });
    }

    private void posted(Run run, Outcome<ThreadLog.Posted> outcome) {
        if (outcome instanceof Outcome.Done<ThreadLog.Posted> done
                && !done.value().duplicate()) {
            opened(run, done.value().seq());
        } else if (outcome instanceof Outcome.Refused<ThreadLog.Posted> refused
                && refused.code() == ErrorCode.UNAVAILABLE) {
            lookLater(run, environment.limits().retryFirstNanos());
        } else {
            run.neverCame();
        }
    }

    private void opened(Run run, long seq) {
        Run next = queue.posted(run, seq);
        run.opened(seq);
        begin(next);
        if (queue.draining()) {
            run.lose(LOST_IN_DRAIN);
        }
    }

    /** A message that was refused may be written all the same, and then its run is open and nobody else's. */
    private void lookLater(Run run, long pauseNanos) {
        environment
                .scheduler()
                .schedule(
                        pauseNanos,
                        () -> environment
                                .log()
                                .progress(run.task().threadId(), run.task().runId(), Long.MAX_VALUE)
                                .thenAccept(outcome -> {
                                    if (outcome instanceof Outcome.Done<ThreadLog.Progress> found) {
                                        opened(run, found.value().openedSeq());
                                    } else if (((Outcome.Refused<ThreadLog.Progress>) outcome).code()
                                            == ErrorCode.UNAVAILABLE) {
                                        lookLater(
                                                run,
                                                Math.min(
                                                        2 * pauseNanos,
                                                        environment.limits().retryMaxNanos()));
                                    } else {
                                        run.neverCame();
                                    }
                                }));
    }

    private void over(Run run) {
        begin(queue.over(run));
    }

    private static void begin(@Nullable Run run) {
        if (run != null) {
            run.begin();
        }
    }

    @Override
    public CompletionStage<Outcome<String>> cancel(String userId, String threadId, RunReference reference) {
        Run run = local(threadId, reference);
        if (run == null || !run.task().userId().equals(userId)) {
            return cancellation.of(userId, threadId, reference);
        }
        return run.cancel(userId)
                .thenCompose(outcome -> neverCame(outcome)
                        ? cancellation.of(userId, threadId, reference)
                        : CompletableFuture.completedStage(outcome));
    }

    @Override
    public CompletionStage<Outcome<String>> cancel(String userId, String runId) {
        Run run = queue.byRunId(runId);
        if (run == null || !run.task().userId().equals(userId)) {
            return cancellation.of(userId, runId);
        }
        return run.cancel(userId);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> delete(String userId, String threadId) {
        // Those that are there now belong to this thread and not to one that may take its name meanwhile.
        // Those that are still on their way into it learn what became of it from the log, with their first event.
        List<Run> runs = queue.opened(threadId);
        return environment.log().delete(threadId, userId).thenApply(outcome -> {
            if (outcome.equals(Outcome.done(true))) {
                runs.forEach(Run::deleted);
                outside.threadDeleted(threadId);
            }
            return outcome;
        });
    }

    private @Nullable Run local(String threadId, RunReference reference) {
        if (reference instanceof RunReference.ByMessage byMessage) {
            return queue.byMessage(threadId, byMessage.messageId());
        }
        Run run = queue.byRunId(((RunReference.ByRun) reference).runId());
        return run != null && run.task().threadId().equals(threadId) ? run : null;
    }

    /** A message that was cancelled on its way into the log, and was refused or known there: the log knows better. */
    private static boolean neverCame(Outcome<String> outcome) {
        return outcome instanceof Outcome.Refused<String> refused && refused.code() == ErrorCode.RUN_NOT_FOUND;
    }

    /**
     * Closes the runs that an earlier process left open, with {@code agent_lost}. Done with their number when all are closed; a log
     * that cannot take it now is asked again. Runs fed from outside stay open, and their deadlines are kept: their producer may
     * come back.
     */
    public CompletionStage<Integer> recover() {
        CompletableFuture<Integer> recovered = new CompletableFuture<>();
        recover(recovered);
        return recovered.minimalCompletionStage();
    }

    private void recover(CompletableFuture<Integer> recovered) {
        environment.log().openRuns().thenAccept(outcome -> {
            if (outcome instanceof Outcome.Done<List<ThreadLog.RunRecord>> open) {
                close(open.value()).thenAccept(recovered::complete);
            } else {
                environment.scheduler().schedule(environment.limits().retryMaxNanos(), () -> recover(recovered));
            }
        });
    }

    private CompletionStage<Integer> close(List<ThreadLog.RunRecord> open) {
        List<CompletableFuture<?>> closing = new ArrayList<>();
        for (ThreadLog.RunRecord record : open) {
            if (record.producer() != null) {
                outside.watch(record);
                continue;
            }
            Run run = new Run(
                    environment,
                    new Run.Task(
                            record.threadId(),
                            record.runId(),
                            record.ownerId(),
                            record.messageId(),
                            record.agent(),
                            null),
                    this::over);
            if (queue.orphan(run)) {
                closing.add(run.ended().toCompletableFuture());
                run.opened(Long.MAX_VALUE);
                run.lose("the process that ran the agent is gone");
            }
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> closing.size());
    }

    /**
     * Prepares for the end of this process: refuses messages, closes the runs that wait with {@code agent_lost}, and those that
     * still execute when {@code window} is over. Runs fed from outside stay open, and are fed as long as the log is open. Done when every run has ended; the log must stay open until then.
     */
    public CompletionStage<Void> drain(Duration window) {
        outside.stop();
        queue.drain().forEach(run -> run.lose(LOST_IN_DRAIN));
        Scheduler.Scheduled timer = environment
                .scheduler()
                .schedule(window.toNanos(), () -> queue.all().forEach(run -> run.lose(LOST_IN_DRAIN)));
        return queue.idle().thenRun(timer::cancel);
    }

    private static <T> CompletionStage<Outcome<T>> refused(ErrorCode code, String message) {
        return CompletableFuture.completedStage(Outcome.refused(code, message));
    }
}
