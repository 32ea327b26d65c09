package io.handfast.server.agui;

import io.handfast.agent.Agent;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.log.Resumption;
import io.handfast.log.Stretch;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.netty.ThreadStreams;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.TraceParent;
import io.handfast.run.Agents;
import io.handfast.run.Conversations;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/agui/{agent}}: any agent as one that speaks AG-UI, with the log behind it (docs/agui.md). A run that is known, by
 * its id or by its message, goes on; it never begins again.
 */
public final class AguiRoutes {
    private final ThreadLog log;
    private final Conversations conversations;
    private final ThreadStreams streams;

    public AguiRoutes(ThreadLog log, Conversations conversations, ThreadStreams streams) {
        this.log = log;
        this.conversations = conversations;
        this.streams = streams;
    }

    public List<HttpRoute> routes() {
        return List.of(HttpRoute.admitted("POST", "/v1/agui/{agent}", this::run));
    }

    private CompletionStage<HttpReply> run(HttpCall call) throws RefusedException {
        streams.requireOpen();
        AskedRun asked = AskedRun.of(call.capture("agent"), call.object());
        String lastEventId =
                call.header("Last-Event-ID").filter(id -> !id.isEmpty()).orElse(null);
        LastEvent last = lastEventId == null ? null : LastEvent.of(lastEventId);
        String user = call.caller().userId();
        return log.run(asked.runId()).thenCompose(found -> {
            if (found instanceof Outcome.Done<RunRecord> known) {
                RunRecord run = known.value();
                boolean theirs =
                        run.threadId().equals(asked.threadId()) && run.ownerId().equals(user);
                return theirs ? follow(call, asked, run, last) : taken();
            }
            Outcome.Refused<RunRecord> refused = (Outcome.Refused<RunRecord>) found;
            return refused.code() == ErrorCode.RUN_NOT_FOUND ? begin(call, asked, last) : refused(refused);
        });
    }

    private CompletionStage<HttpReply> begin(HttpCall call, AskedRun asked, @Nullable LastEvent last) {
        return then(
                conversations.post(
                        call.caller().userId(),
                        asked.message().traced(TraceParent.of(call.headers(TraceParent.HEADER)))),
                (Posted posted) -> then(log.run(posted.runId()), run -> follow(call, asked, run, last)));
    }

    private CompletionStage<HttpReply> follow(HttpCall call, AskedRun asked, RunRecord run, @Nullable LastEvent last) {
        String agent = call.capture("agent");
        if (!run.agent().equals(agent)) {
            return ofAnother(agent, run);
        }
        return then(log.claim(run.threadId(), call.caller().userId()), (ThreadHead head) -> {
            if (run.ended() && head.oldestSeq() > run.openedSeq() + 1) {
                return CompletableFuture.completedStage(
                        Problem.of(410, "trimmed", "run " + run.runId() + " has ended, and is no longer retained")
                                .reply());
            }
            AguiStream stream = new AguiStream(run.threadId(), run.runId(), asked.runId());
            return last != null && within(last, run, head)
                    ? join(call, head, run, stream, last)
                    : CompletableFuture.completedStage(stream(call, head, run.openedSeq(), stream));
        });
    }

    private static boolean within(LastEvent last, RunRecord run, ThreadHead head) {
        return last.epoch().equals(head.epoch()) && last.seq() > run.openedSeq() && last.seq() <= head.headSeq();
    }

    private CompletionStage<HttpReply> join(
            HttpCall call, ThreadHead head, RunRecord run, AguiStream stream, LastEvent last) {
        List<Entry> known = new ArrayList<>();
        return then(
                Stretch.read(log, run.threadId(), run.openedSeq(), last.seq(), entry -> {
                    if (stream.belongs(entry)) {
                        known.add(entry);
                    }
                }),
                whole -> {
                    boolean partly =
                            !known.isEmpty() && known.get(known.size() - 1).seq() == last.seq();
                    stream.join(head.epoch(), known, partly ? last.index() + 1 : Integer.MAX_VALUE);
                    return CompletableFuture.completedStage(stream(call, head, last.seq(), stream));
                });
    }

    private HttpReply stream(HttpCall call, ThreadHead head, long afterSeq, AguiStream stream) {
        return streams.of(call, head, Resumption.of(head, new Position.After(afterSeq, head.epoch())), stream);
    }

    private CompletionStage<HttpReply> ofAnother(String agent, RunRecord run) {
        List<String> there = conversations.agents().stream().map(Agent::name).toList();
        if (!there.contains(agent)) {
            return refused(Agents.unknown(agent, there));
        }
        return CompletableFuture.completedStage(Problem.of(
                        409,
                        "run_of_another_agent",
                        "run " + run.runId() + " is one of agent '" + run.agent() + "'; ask '" + agent
                                + "' with a runId and an id of the message that were never used")
                .reply());
    }

    private static CompletionStage<HttpReply> taken() {
        return CompletableFuture.completedStage(
                Problem.of(409, "run_id_taken", "runId belongs to another run; choose one that was never used")
                        .reply());
    }

    private static CompletionStage<HttpReply> refused(Outcome.Refused<?> refused) {
        return CompletableFuture.completedStage(Problem.of(refused).reply());
    }

    /** Goes on with what is done, and answers what is refused. */
    private static <T> CompletionStage<HttpReply> then(
            CompletionStage<Outcome<T>> stage, Function<T, CompletionStage<HttpReply>> next) {
        return stage.thenCompose(outcome -> outcome instanceof Outcome.Refused<T> refused
                ? refused(refused)
                : next.apply(((Outcome.Done<T>) outcome).value()));
    }
}
