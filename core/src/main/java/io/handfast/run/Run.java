package io.handfast.run;

import io.handfast.agent.AgentFailure;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of this process: it guards a {@link RunMachine} with a lock and carries out, outside of the lock, what follows from
 * its state: appends, repeats, the deadline, the agent's work.
 */
final class Run implements RunFeed {
    private final RunEnvironment environment;
    private final Task task;
    private final Consumer<Run> whenOver;
    private final CompletableFuture<Outcome<EventType>> end = new CompletableFuture<>();

    // Guarded by this.
    private final RunMachine machine;
    private final Transcript transcript;
    private long appends;
    private long durableSeq;
    private boolean workDone;
    private boolean workWaits;
    private long begunNanos;
    private long heardNanos;
    private AgentHost.@Nullable Work work;
    private Scheduler.@Nullable Scheduled deadline;
    private Scheduler.@Nullable Scheduled idleDeadline;

    /** What is to be done in a run; {@code agent} is null for a run that can only be closed. */
    record Task(
            String threadId,
            String runId,
            String userId,
            @Nullable String messageId,
            String agentName,
            @Nullable AgentWork agent) {}

    /** @param whenOver called once, when the run's last event is durable or it never came to be */
    Run(RunEnvironment environment, Task task, Consumer<Run> whenOver) {
        this.environment = environment;
        this.task = task;
        this.whenOver = whenOver;
        this.machine = new RunMachine(environment.limits());
        this.transcript = new Transcript(environment.limits());
    }

    Task task() {
        return task;
    }

    /** The log holds the message that opens this run, or the run: its events stand behind {@code seq}. */
    void opened(long seq) {
        synchronized (this) {
            machine.opened();
            durableSeq = seq;
        }
        append();
    }

    /** The message was refused, or was known: there is no such run. */
    void neverCame() {
        synchronized (this) {
            machine.abandon();
        }
        conclude(Outcome.refused(ErrorCode.RUN_NOT_FOUND, "run " + task.runId() + " does not exist"));
    }

    /** Its thread was deleted, and the run with it: nothing more is written, and the agent is called off. */
    void deleted() {
        synchronized (this) {
            if (machine.over()) {
                return;
            }
            machine.abandon();
        }
        afterEnd();
        conclude(Outcome.refused(ErrorCode.RUN_NOT_FOUND, "the thread of run " + task.runId() + " was deleted"));
    }

    /** The run's turn has come: its agent begins. */
    void begin() {
        long now = environment.nanoClock().getAsLong();
        synchronized (this) {
            if (!machine.begin(RunDrafts.started(task.agentName(), task.messageId()))) {
                return;
            }
            begunNanos = now;
            heardNanos = now;
        }
        environment.observer().started(task.runId(), task.agentName());
        append();
        try {
            AgentWork agent = task.agent();
            if (agent == null) {
                throw new IllegalStateException("run " + task.runId() + " has no agent");
            }
            Map<String, Object> options = agent.options();
            long deadlineNanos = DeadlineOption.nanos(
                    options,
                    agent.agent()
                            .deadline()
                            .map(Duration::toNanos)
                            .orElse(environment.limits().deadlineNanos()));
            startDeadline(deadlineNanos);
            if (environment.limits().idleDeadlineNanos() < deadlineNanos) {
                startIdleDeadline(environment.limits().idleDeadlineNanos());
            }
            startWork(environment.host().begin(agent.agent(), agent.request(environment.log(), task, options), this));
        } catch (RejectedExecutionException e) {
            failed(new AgentFailure(RunDrafts.AGENT_FAILED, "no thread is free for the agent", true));
        } catch (Throwable e) { // an Error too: the JVM may fail to make a thread
            failed(e);
        }
    }

    private void startDeadline(long nanos) {
        Scheduler.Scheduled timer = environment
                .scheduler()
                .schedule(
                        nanos,
                        () -> end(RunDrafts.error(
                                RunDrafts.DEADLINE_EXCEEDED,
                                "no end within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms",
                                true)));
        boolean ended;
        synchronized (this) {
            deadline = timer;
            ended = machine.terminal() != null || machine.over();
        }
        if (ended) {
            timer.cancel();
        }
    }

    private void startIdleDeadline(long nanos) {
        Scheduler.Scheduled timer = environment.scheduler().schedule(nanos, this::idleTimeUp);
        boolean ended;
        synchronized (this) {
            idleDeadline = timer;
            ended = machine.terminal() != null || machine.over();
        }
        if (ended) {
            timer.cancel();
        }
    }

    /** One timer, set anew when it fires: an agent that speaks often does not touch it. */
    private void idleTimeUp() {
        long limit = environment.limits().idleDeadlineNanos();
        long silent;
        synchronized (this) {
            // Who waits for the log is not silent.
            silent = workWaits ? 0 : environment.nanoClock().getAsLong() - heardNanos;
        }
        if (silent < limit) {
            startIdleDeadline(limit - silent);
            return;
        }
        end(RunDrafts.error(
                RunDrafts.DEADLINE_EXCEEDED,
                "nothing came from the agent for " + TimeUnit.NANOSECONDS.toMillis(limit) + " ms",
                true));
    }

    private void startWork(AgentHost.Work started) {
        boolean ended;
        synchronized (this) {
            work = started;
            ended = (machine.terminal() != null || machine.over()) && !workDone;
        }
        if (ended) {
            started.stop();
        } else {
            // It may have met a full run before it was known here.
            started.room();
        }
    }

    @Override
    public Offer offer(Emission emission) {
        long now = environment.nanoClock().getAsLong();
        Offer offer;
        synchronized (this) {
            heardNanos = now;
            offer = machine.room();
            if (offer == Offer.TAKEN) {
                EventDraft draft = transcript.draft(emission, now);
                if (draft != null) {
                    machine.add(draft);
                }
            }
            workWaits |= offer == Offer.FULL;
        }
        if (offer == Offer.ENDED) {
            environment.observer().lateEvent(task.runId(), task.agentName());
        } else {
            append();
        }
        return offer;
    }

    @Override
    public void usage(Map<String, ?> usage) {
        Json.Raw encoded =
                transcript.encoded("usage", usage); // of the agent's own objects, which may block: no lock yet
        synchronized (this) {
            transcript.usage(encoded);
        }
    }

    @Override
    public void pending(List<? extends Map<String, ?>> pending) {
        Json.Raw encoded = transcript.encoded("pending", pending);
        synchronized (this) {
            transcript.pending(encoded);
        }
    }

    @Override
    public void completed() {
        long now = environment.nanoClock().getAsLong();
        synchronized (this) {
            workDone = true;
            if (machine.room() != Offer.ENDED) {
                machine.end(transcript.completed(now - begunNanos));
            }
        }
        afterEnd();
    }

    @Override
    public void failed(Throwable cause) {
        EventDraft terminal = RunDrafts.of(cause);
        boolean decided;
        synchronized (this) {
            workDone = true;
            decided = machine.end(terminal);
        }
        if (decided && terminal.type() == EventType.AGENT_ERROR) {
            environment.observer().agentThrew(task.runId(), task.agentName(), cause);
        }
        afterEnd();
    }

    /** How it ended; refused when it never came to be or was ended elsewhere. */
    CompletionStage<Outcome<EventType>> ended() {
        return end.minimalCompletionStage();
    }

    /** Ends the run as lost, unless it has ended. */
    void lose(String why) {
        end(RunDrafts.lost(why));
    }

    /** Cancels the run. Done with its id when that is durable; refused {@code RUN_ENDED} when it ended otherwise. */
    CompletionStage<Outcome<String>> cancel(String by) {
        boolean accepted;
        synchronized (this) {
            accepted = machine.end(RunDrafts.cancelled(by))
                    || (machine.terminal() == EventType.AGENT_CANCELLED && !machine.over());
        }
        afterEnd();
        return end.thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused<EventType> refused) {
                return Outcome.refused(refused.code(), refused.message());
            }
            return accepted && outcome.equals(Outcome.done(EventType.AGENT_CANCELLED))
                    ? Outcome.done(task.runId())
                    : Outcome.refused(ErrorCode.RUN_ENDED, "run " + task.runId() + " has ended");
        });
    }

    private void end(EventDraft terminal) {
        synchronized (this) {
            machine.end(terminal);
        }
        afterEnd();
    }

    /** The end is decided: write it, and call the agent off if it still works. */
    private void afterEnd() {
        append();
        Scheduler.Scheduled timer;
        Scheduler.Scheduled idleTimer;
        AgentHost.Work ended;
        boolean done;
        synchronized (this) {
            timer = deadline;
            deadline = null;
            idleTimer = idleDeadline;
            idleDeadline = null;
            ended = work;
            work = null;
            done = workDone;
        }
        if (timer != null) {
            timer.cancel();
        }
        if (idleTimer != null) {
            idleTimer.cancel();
        }
        if (ended != null && done) {
            ended.room(); // other threads of the agent may wait for it; they learn that the run has ended
        } else if (ended != null) {
            ended.stop();
        }
    }

    private void append() {
        List<EventDraft> batch;
        long number;
        synchronized (this) {
            batch = machine.nextBatch();
            if (batch.isEmpty()) {
                return;
            }
            number = ++appends;
        }
        try {
            environment
                    .log()
                    .append(task.threadId(), task.runId(), batch)
                    .whenComplete((outcome, error) ->
                            settled(number, error == null ? outcome : unavailable(error), this::appended));
        } catch (Throwable e) { // the stack of an agent that recurses may be exhausted just here
            settled(number, Run.<ThreadLog.Appended>unavailable(e), this::appended);
        }
    }

    /** What was refused may be written all the same, and an event that is written twice is shown twice: asks before it repeats. */
    private void ask(long number, long afterSeq) {
        environment
                .log()
                .progress(task.threadId(), task.runId(), afterSeq)
                .thenAccept(outcome -> settled(number, outcome, this::found));
    }

    private void appended(ThreadLog.Appended done) {
        durableSeq = done.seq();
        machine.appended();
    }

    private void found(ThreadLog.Progress progress) {
        durableSeq = progress.lastSeq();
        machine.found(progress.events(), progress.ended());
    }

    private static <T> Outcome<T> unavailable(Throwable e) {
        return Outcome.refused(ErrorCode.UNAVAILABLE, e.toString());
    }

    private <T> void settled(long number, Outcome<T> outcome, Consumer<T> whenDone) {
        long now = environment.nanoClock().getAsLong();
        long pause = 0;
        boolean over;
        boolean decided;
        AgentHost.Work waiting = null;
        EventType terminal;
        synchronized (this) {
            if (number != appends || machine.over()) {
                return;
            }
            if (outcome instanceof Outcome.Refused<T> refused) {
                pause = machine.refused(refused, now);
            } else {
                whenDone.accept(((Outcome.Done<T>) outcome).value());
                if (workWaits && machine.room() == Offer.TAKEN) {
                    workWaits = false;
                    waiting = work;
                }
            }
            terminal = machine.terminal();
            over = machine.over();
            decided = terminal != null || over;
        }
        if (outcome instanceof Outcome.Refused<T> refused) {
            environment.observer().appendRefused(task.runId(), refused.message());
        }
        if (pause > 0) {
            environment.scheduler().schedule(pause, this::resume);
        }
        if (waiting != null) {
            waiting.room();
        }
        if (decided) {
            afterEnd();
        } else {
            append();
        }
        if (over) {
            observeEnd(terminal, now);
            conclude(
                    terminal == null
                            ? Outcome.refused(ErrorCode.RUN_ENDED, "run " + task.runId() + " was ended elsewhere")
                            : Outcome.done(terminal));
        }
    }

    private void resume() {
        boolean inDoubt;
        long number;
        long afterSeq;
        synchronized (this) {
            machine.resume();
            inDoubt = machine.inDoubt();
            number = inDoubt ? ++appends : appends;
            afterSeq = durableSeq;
        }
        if (inDoubt) {
            ask(number, afterSeq);
        } else {
            append();
        }
    }

    private void observeEnd(@Nullable EventType terminal, long now) {
        if (terminal == null) {
            return;
        }
        long durationNanos;
        synchronized (this) {
            durationNanos = machine.begun() ? now - begunNanos : 0;
        }
        environment.observer().ended(task.runId(), task.agentName(), terminal, durationNanos);
    }

    private void conclude(Outcome<EventType> outcome) {
        whenOver.accept(this);
        end.complete(outcome);
    }
}
