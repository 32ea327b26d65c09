package io.handfast.server.publish;

import io.handfast.agents.agui.AguiEvent;
import io.handfast.agents.agui.MalformedAguiException;
import io.handfast.log.Producer;
import io.handfast.log.Stretch;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.log.ThreadLog.Published;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.netty.http.Caller;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.PublishBodies;
import io.handfast.run.OutsideRuns;
import io.handfast.server.security.Users;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls by which a producer opens a run and feeds it (spec/protocol.md, "HTTP"; docs/publish.md). */
public final class PublishRoutes {
    private static final int POSITION_BYTES_MAX = 1 << 20;
    private static final String EXPECTED = "expected_producer_seq";

    private final ThreadLog log;
    private final OutsideRuns runs;
    private final Supplier<String> runIds;
    private final long deadlineMs;
    private final long idleDeadlineMs;

    /**
     * Routes over a log.
     *
     * @param deadline of a run whose producer names none
     * @param idleDeadline the same for the silence of its producer
     */
    public PublishRoutes(
            ThreadLog log, OutsideRuns runs, Supplier<String> runIds, Duration deadline, Duration idleDeadline) {
        this.log = log;
        this.runs = runs;
        this.runIds = runIds;
        this.deadlineMs = deadline.toMillis();
        this.idleDeadlineMs = idleDeadline.toMillis();
    }

    public List<HttpRoute> routes() {
        return List.of(
                HttpRoute.publisher("POST", "/v1/threads/{thread_id}/runs", this::open),
                HttpRoute.publisher("POST", "/v1/runs/{run_id}/events", this::publish));
    }

    private CompletionStage<HttpReply> open(HttpCall call) throws RefusedException {
        String threadId = call.id("thread_id");
        Outcome<PublishBodies.Opening> read = PublishBodies.opening(call.object());
        if (read instanceof Outcome.Refused<PublishBodies.Opening> refused) {
            throw new RefusedException(Problem.ofFields(refused));
        }
        PublishBodies.Opening body = ((Outcome.Done<PublishBodies.Opening>) read).value();
        String userId = body.userId();
        if (userId != null && !Users.valid(userId)) {
            throw new RefusedException(Problem.invalidField("user_id", "user_id must be " + Users.ALLOWED));
        }
        long deadline = Objects.requireNonNullElse(body.deadlineMs(), deadlineMs);
        long idleDeadline = Objects.requireNonNullElse(body.idleDeadlineMs(), idleDeadlineMs);
        return runs.open(new Opening(
                        threadId,
                        call.caller().userId(),
                        userId != null ? userId : self(call.caller()),
                        body.runId() != null ? body.runId() : runIds.get(),
                        body.agent(),
                        TimeUnit.MILLISECONDS.toMicros(deadline),
                        TimeUnit.MILLISECONDS.toMicros(idleDeadline)))
                .thenApply(PublishRoutes::opened);
    }

    /**
     * For whom somebody publishes who names no user. Whoever may chat has threads of its own, and publishes to these; a service
     * that may only publish has none, and acts for whoever owns the thread.
     */
    private static @Nullable String self(Caller caller) {
        return caller.scopes().contains(Caller.CHAT) ? caller.userId() : null;
    }

    private static HttpReply opened(Outcome<Opened> outcome) {
        if (outcome instanceof Outcome.Refused<Opened> refused) {
            return Problem.of(refused).reply();
        }
        Opened opened = ((Outcome.Done<Opened>) outcome).value();
        if (opened instanceof Opened.Fresh fresh) {
            return created(fresh.run());
        }
        if (opened instanceof Opened.Known known) {
            return created(known.run());
        }
        return Problem.of(409, "run_id_taken", "run_id belongs to another run; choose one that was never used")
                .reply();
    }

    private static HttpReply created(RunRecord run) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("run_id", run.runId());
        document.put("thread_id", run.threadId());
        document.put(EXPECTED, producer(run).nextSeq());
        return HttpReply.json(201, document);
    }

    private static Producer producer(RunRecord run) {
        return Objects.requireNonNull(run.producer(), "a run that is fed from outside has a producer");
    }

    private CompletionStage<HttpReply> publish(HttpCall call) throws RefusedException {
        String runId = call.id("run_id");
        Batch batch = Batch.of(call);
        return runs.fedBy(call.caller().userId(), runId).thenCompose(found -> {
            if (found instanceof Outcome.Refused<RunRecord> refused) {
                return CompletableFuture.completedStage(Problem.of(refused).reply());
            }
            RunRecord run = ((Outcome.Done<RunRecord>) found).value();
            if (batch instanceof Batch.Own own) {
                return publish(run, own.producerSeq(), own.events(), null);
            }
            return translated(run, (Batch.Agui) batch);
        });
    }

    private CompletionStage<HttpReply> publish(
            RunRecord run, long producerSeq, List<List<EventDraft>> events, byte @Nullable [] position) {
        return runs.publish(run, new Batched(run.threadId(), run.runId(), producerSeq, events, position))
                .thenApply(outcome -> outcome instanceof Outcome.Refused<Published> refused
                        ? Problem.of(refused).reply()
                        : published(((Outcome.Done<Published>) outcome).value()));
    }

    private static HttpReply published(Published published) {
        if (published instanceof Published.Written written) {
            return accepted(written.seq(), written.nextProducerSeq());
        }
        if (published instanceof Published.Known known) {
            return accepted(known.seq(), known.nextProducerSeq());
        }
        if (published instanceof Published.Hole hole) {
            return hole(hole.expectedProducerSeq());
        }
        return broken(((Published.Broken) published).why());
    }

    private static HttpReply accepted(long seq, long expected) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("seq", seq);
        document.put(EXPECTED, expected);
        return HttpReply.json(202, document);
    }

    private static HttpReply hole(long expected) {
        return Problem.of(
                        409,
                        "producer_seq_hole",
                        "producer_seq leaves a hole: the event that comes next in this run has the number " + expected)
                .telling(EXPECTED, expected)
                .reply();
    }

    private static HttpReply broken(String why) {
        return Problem.of(409, "run_order", why).reply();
    }

    /**
     * Reads events of AG-UI behind those that the log holds, and writes what they come to. What was read before lies in the log
     * with the position of the reading, and nowhere else; so a repeat, also in another process, finds what the first call left.
     */
    private CompletionStage<HttpReply> translated(RunRecord run, Batch.Agui batch) {
        Producer producer = producer(run);
        int known = (int) Math.min(batch.events().size(), producer.nextSeq() - batch.producerSeq());
        if (known < 0) {
            return CompletableFuture.completedStage(hole(producer.nextSeq()));
        }
        List<AguiEvent> fresh = batch.events().subList(known, batch.events().size());
        if (fresh.isEmpty() || run.ended()) {
            // Nothing to read: the log answers for what it knows.
            return publish(run, batch.producerSeq(), nothing(batch.events().size()), new byte[0]);
        }
        boolean begunOtherwise = producer.nextSeq() > 1 && producer.dialect() == null;
        if (begunOtherwise) {
            return CompletableFuture.completedStage(broken(
                    "run " + run.runId() + " was begun with events of this protocol; allowed: one kind in a run"));
        }
        boolean ending = fresh.stream().anyMatch(event -> event.name().equals("RUN_FINISHED"));
        if (!ending) {
            return translated(run, batch.producerSeq(), known, fresh, "");
        }
        StringBuilder answer = new StringBuilder();
        return Stretch.read(log, run.threadId(), run.openedSeq(), producer.lastSeq(), entry -> {
                    if (run.runId().equals(entry.runId())
                            && entry.type() == EventType.AGENT_RESPONSE_CHUNK
                            && answer.length() <= runs.answerCharsMax()) {
                        answer.append(entry.payload().get("text"));
                    }
                })
                .thenCompose(read -> read instanceof Outcome.Refused<Boolean> refused
                        ? CompletableFuture.completedStage(Problem.of(refused).reply())
                        : translated(run, batch.producerSeq(), known, fresh, answer.toString()));
    }

    private CompletionStage<HttpReply> translated(
            RunRecord run, long producerSeq, int known, List<AguiEvent> fresh, String answer) {
        AguiReading reading = new AguiReading(run.agent(), producer(run).dialect(), answer, runs.answerCharsMax());
        List<List<EventDraft>> events = new ArrayList<>(nothing(known));
        for (AguiEvent event : fresh) {
            if (reading.ended()) {
                return CompletableFuture.completedStage(
                        broken(PublishBodies.at(events.size()) + ": " + event.name() + " after the end of the run"));
            }
            try {
                events.add(reading.take(event));
            } catch (MalformedAguiException e) {
                return CompletableFuture.completedStage(
                        broken(PublishBodies.at(events.size()) + ": " + e.getMessage()));
            }
        }
        byte[] position = reading.position();
        if (position.length > POSITION_BYTES_MAX) {
            return CompletableFuture.completedStage(Problem.of(
                            ErrorCode.TOO_LARGE,
                            "the run has more tool calls without an answer than " + POSITION_BYTES_MAX + " bytes hold")
                    .reply());
        }
        return publish(run, producerSeq, events, position);
    }

    private static List<List<EventDraft>> nothing(int events) {
        return Collections.nCopies(events, List.of());
    }
}
