package io.handfast.netty;

import io.handfast.log.Position;
import io.handfast.log.Resumption;
import io.handfast.log.ThreadHead;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The reader's side of a thread over HTTP: a page of JSON, or a stream. */
final class ThreadRoutes {
    private static final int DEFAULT_LIMIT = 200;
    private static final int MAX_LIMIT = 1000;

    private final Gateway gateway;
    private final ThreadStreams streams;

    ThreadRoutes(Gateway gateway, ThreadStreams streams) {
        this.gateway = gateway;
        this.streams = streams;
    }

    List<HttpRoute> routes() {
        return List.of(HttpRoute.admitted("GET", "/v1/threads/{thread_id}/events", this::events));
    }

    private CompletionStage<HttpReply> events(HttpCall call) throws RefusedException {
        String threadId = call.id("thread_id");
        return acceptsStream(call) ? stream(call, threadId) : page(call, threadId);
    }

    private static boolean acceptsStream(HttpCall call) {
        return call.headers("Accept").stream()
                .anyMatch(accept -> accept.toLowerCase(Locale.ROOT).contains("text/event-stream"));
    }

    private CompletionStage<HttpReply> stream(HttpCall call, String threadId) throws RefusedException {
        Position asked = Positions.of(call);
        Optional<String> lastEventId = call.header("Last-Event-ID").filter(id -> !id.isEmpty());
        Position position = lastEventId.isPresent() ? Positions.ofLastEventId(lastEventId.get()) : asked;
        streams.requireOpen();
        return gateway.services().log().claim(threadId, call.caller().userId()).thenApply(claim -> {
            if (claim instanceof Outcome.Done<ThreadHead> done) {
                Resumption start = Resumption.of(done.value(), position);
                return streams.of(call, done.value(), start, new ThreadEvents(threadId));
            }
            return Problem.of((Outcome.Refused<ThreadHead>) claim).reply();
        });
    }

    private CompletionStage<HttpReply> page(HttpCall call, String threadId) throws RefusedException {
        Position position = Positions.of(call);
        int limit = Positions.limit(call, DEFAULT_LIMIT, MAX_LIMIT);
        String user = call.caller().userId();
        return gateway.services().log().head(threadId).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
                return CompletableFuture.completedFuture(Problem.of(refused).reply());
            }
            Optional<ThreadHead> found = ((Outcome.Done<Optional<ThreadHead>>) outcome).value();
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Problem.of(404, "not_found", "there is no thread " + threadId)
                        .reply());
            }
            ThreadHead head = found.get();
            if (!head.ownerId().equals(user)) {
                return CompletableFuture.completedFuture(
                        Problem.of(ErrorCode.FORBIDDEN, "the thread " + threadId + " belongs to another user")
                                .reply());
            }
            return new EventPage(gateway.services().log(), head, Resumption.of(head, position), limit).read();
        });
    }
}
