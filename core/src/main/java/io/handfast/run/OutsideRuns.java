package io.handfast.run;

import io.handfast.log.Producer;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Expiry;
import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.log.ThreadLog.Published;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs that producers outside of this process feed. All that they are is in the log; what stands here is a timer for each that is
 * open, which asks the log whether its time is up.
 *
 * <p>Such a run does not wait for the runs of its thread's messages, nor do they wait for it: it begins when its producer says
 * so, and nobody here could hold that back.
 *
 * <p>Methods may be called from any thread and do not block.
 */
public final class OutsideRuns {
    /**
     * What observers are told in place of the agent: a producer names it as it likes, and metrics keep a series for each name.
     * No agent can have this one.
     */
    public static final String OBSERVED = "(outside)";

    private final RunEnvironment environment;
    private final OpenRunsOfUsers openRuns;

    // Guarded by this.
    private final Map<String, Watched> watched = new HashMap<>();
    private boolean stopped;

    private static final class Watched {
        final RunRecord run;
        Scheduler.@Nullable Scheduled timer;
        long atNanos;
        long begunNanos;
        boolean begun;

        Watched(RunRecord run) {
            this.run = run;
        }
    }

    OutsideRuns(RunEnvironment environment, OpenRunsOfUsers openRuns) {
        this.environment = environment;
        this.openRuns = openRuns;
    }

    /**
     * Opens a run, once for each run id. Refused {@code FORBIDDEN}, {@code TOO_MANY_RUNS}, {@code DRAINING} and
     * {@code UNAVAILABLE}.
     */
    public CompletionStage<Outcome<Opened>> open(Opening opening) {
        synchronized (this) {
            if (stopped) {
                return CompletableFuture.completedStage(Outcome.refused(
                        ErrorCode.DRAINING, "this server is about to stop; open it again after reconnecting"));
            }
        }
        return environment.log().head(opening.threadId()).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
                return CompletableFuture.completedStage(Outcome.refused(refused.code(), refused.message()));
            }
            Optional<ThreadHead> head = ((Outcome.Done<Optional<ThreadHead>>) outcome).value();
            return open(opening, opening.ownerId(head.map(ThreadHead::ownerId).orElse(null)));
        });
    }

    private CompletionStage<Outcome<Opened>> open(Opening opening, String userId) {
        if (openRuns.take(userId)) {
            return counted(opening, userId);
        }
        // A run that is known is not opened again: the repeat is answered however many runs there are.
        return environment.log().run(opening.runId()).thenCompose(known -> {
            if (known instanceof Outcome.Refused<RunRecord>) {
                return CompletableFuture.completedStage(
                        Outcome.refused(ErrorCode.TOO_MANY_RUNS, openRuns.refusal(userId)));
            }
            openRuns.add(userId);
            return counted(opening, userId);
        });
    }

    private CompletionStage<Outcome<Opened>> counted(Opening opening, String userId) {
        return environment.log().open(opening).thenApply(outcome -> {
            if (outcome instanceof Outcome.Done<Opened> done) {
                opened(done.value());
            } else if (((Outcome.Refused<Opened>) outcome).code() == ErrorCode.UNAVAILABLE) {
                askLater(opening.runId());
            }
            openRuns.give(userId); // what is watched is counted on its own
            return outcome;
        });
    }

    private void opened(Opened opened) {
        if (opened instanceof Opened.Fresh fresh) {
            watch(fresh.run());
        } else if (opened instanceof Opened.Known known && !known.run().ended()) {
            watch(known.run()); // the answer to its first opening may have been lost
        }
    }

    /** A log that refused may have written all the same, and nobody would end a run that its producer gave up. */
    private void askLater(String runId) {
        environment
                .scheduler()
                .schedule(
                        environment.limits().retryMaxNanos(),
                        () -> environment.log().run(runId).thenAccept(outcome -> {
                            if (outcome instanceof Outcome.Done<RunRecord> done) {
                                if (done.value().producer() != null
                                        && !done.value().ended()) {
                                    watch(done.value());
                                }
                            } else if (((Outcome.Refused<RunRecord>) outcome).code() == ErrorCode.UNAVAILABLE) {
                                askLater(runId);
                            }
                        }));
    }

    /**
     * The run that a caller is about to feed: refused {@code RUN_NOT_FOUND} when there is none that is fed from outside, and
     * {@code FORBIDDEN} to everybody but who opened it and the owner of its thread.
     */
    public CompletionStage<Outcome<RunRecord>> fedBy(String callerId, String runId) {
        return environment.log().run(runId).thenApply(outcome -> {
            if (!(outcome instanceof Outcome.Done<RunRecord> done)) {
                return outcome;
            }
            Producer producer = done.value().producer();
            if (producer == null) {
                return Outcome.refused(ErrorCode.RUN_NOT_FOUND, "run " + runId + " is not fed from outside");
            }
            boolean allowed = producer.publisherId().equals(callerId)
                    || done.value().ownerId().equals(callerId);
            return allowed
                    ? outcome
                    : Outcome.refused(ErrorCode.FORBIDDEN, "run " + runId + " belongs to another producer");
        });
    }

    /** The longest answer of a run, in characters. */
    public int answerCharsMax() {
        return environment.limits().answerCharsMax();
    }

    /** Appends what a producer sent to a run that it may feed; see {@link ThreadLog#publish}. */
    public CompletionStage<Outcome<Published>> publish(RunRecord run, Batched batch) {
        return environment.log().publish(batch).thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused<Published> refused && refused.code() == ErrorCode.RUN_ENDED) {
                environment.observer().lateEvent(run.runId(), OBSERVED);
            } else if (outcome instanceof Outcome.Done<Published> done
                    && done.value() instanceof Published.Written written) {
                written(run, written);
            }
            return outcome;
        });
    }

    private void written(RunRecord run, Published.Written written) {
        if (written.started()) {
            begun(run.runId());
            environment.observer().started(run.runId(), OBSERVED);
        }
        if (written.terminal() != null) {
            ended(run.runId(), written.terminal());
        } else if (written.started()) {
            dueIn(run.runId(), shorterOf(run)); // the deadline counts from here, and may be the sooner of the two
        }
    }

    private static long shorterOf(RunRecord run) {
        Producer producer = run.producer();
        return producer == null ? 0 : Math.min(producer.deadlineMicros(), producer.idleDeadlineMicros());
    }

    private synchronized void begun(String runId) {
        Watched run = watched.get(runId);
        if (run != null) {
            run.begun = true;
            run.begunNanos = environment.nanoClock().getAsLong();
        }
    }

    /** Sees to it that an open run ends when its time is up, also one that an earlier process left open. */
    void watch(RunRecord run) {
        synchronized (this) {
            if (stopped || watched.putIfAbsent(run.runId(), new Watched(run)) != null) {
                return;
            }
        }
        openRuns.add(run.ownerId());
        timeUp(run.runId()); // the log answers how long it has left
    }

    /** The thread was deleted: its runs are gone with it. */
    void threadDeleted(String threadId) {
        List<String> runIds;
        synchronized (this) {
            runIds = watched.values().stream()
                    .map(found -> found.run)
                    .filter(run -> run.threadId().equals(threadId))
                    .map(RunRecord::runId)
                    .toList();
        }
        runIds.forEach(this::timeUp); // the log knows which of them are of a new thread of that name
    }

    /** Asks the log so much later, unless that is to happen sooner. */
    private void dueIn(String runId, long micros) {
        long delayNanos = TimeUnit.MICROSECONDS.toNanos(Math.max(1, micros));
        long atNanos = environment.nanoClock().getAsLong() + delayNanos;
        Scheduler.Scheduled timer = environment.scheduler().schedule(delayNanos, () -> timeUp(runId));
        Scheduler.Scheduled superfluous;
        synchronized (this) {
            Watched run = watched.get(runId);
            if (run == null || (run.timer != null && run.atNanos - atNanos <= 0)) {
                superfluous = timer;
            } else {
                superfluous = run.timer;
                run.timer = timer;
                run.atNanos = atNanos;
            }
        }
        if (superfluous != null) {
            superfluous.cancel();
        }
    }

    private void timeUp(String runId) {
        RunRecord run;
        Scheduler.Scheduled timer;
        synchronized (this) {
            Watched found = watched.get(runId);
            if (found == null) {
                return;
            }
            timer = found.timer;
            found.timer = null;
            run = found.run;
        }
        if (timer != null) {
            timer.cancel(); // it may not be what called
        }
        environment.log().expire(run.threadId(), runId).thenAccept(outcome -> {
            if (outcome instanceof Outcome.Done<Expiry> done) {
                if (done.value() instanceof Expiry.NotDue notDue) {
                    dueIn(runId, notDue.leftMicros());
                } else {
                    ended(runId, EventType.AGENT_ERROR);
                }
            } else if (((Outcome.Refused<Expiry>) outcome).code() == ErrorCode.UNAVAILABLE) {
                dueIn(runId, TimeUnit.NANOSECONDS.toMicros(environment.limits().retryMaxNanos()));
            } else {
                forget(runId); // ended or deleted otherwise
            }
        });
    }

    /** The run's terminal event is durable. */
    void ended(String runId, EventType terminal) {
        Watched run = forget(runId);
        if (run != null) {
            long duration = run.begun ? environment.nanoClock().getAsLong() - run.begunNanos : 0;
            environment.observer().ended(runId, OBSERVED, terminal, duration);
        }
    }

    private @Nullable Watched forget(String runId) {
        Watched run;
        Scheduler.Scheduled timer;
        synchronized (this) {
            run = watched.remove(runId);
            timer = run == null ? null : run.timer;
        }
        if (run != null) {
            openRuns.give(run.run.ownerId());
        }
        if (timer != null) {
            timer.cancel();
        }
        return run;
    }

    /** Opens nothing more and watches nothing more: the runs stay open for the next process. */
    void stop() {
        Map<String, Watched> left;
        synchronized (this) {
            stopped = true;
            left = Map.copyOf(watched);
            watched.clear();
        }
        for (Watched run : left.values()) {
            Scheduler.Scheduled timer = run.timer;
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}
