package io.handfast.netty;

import io.handfast.log.ThreadLog.Posted;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ClientFrame;
import io.handfast.protocol.ClientFrames;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.TraceParent;
import io.handfast.run.Conversations.UserMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The writer's side over HTTP: the same as the frames {@code user_message} and {@code cancel_run}. */
final class ConversationRoutes {
    private final Gateway gateway;

    ConversationRoutes(Gateway gateway) {
        this.gateway = gateway;
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.admitted("POST", "/v1/threads/{thread_id}/messages", this::post),
                HttpRoute.admitted("POST", "/v1/runs/{run_id}/cancel", this::cancel));
    }

    private CompletionStage<HttpReply> post(HttpCall call) throws RefusedException {
        String threadId = call.id("thread_id");
        UserMessage message = message(call, threadId);
        return gateway.services()
                .conversations()
                .post(call.caller().userId(), message)
                .thenApply(ConversationRoutes::posted);
    }

    private static UserMessage message(HttpCall call, String threadId) throws RefusedException {
        Map<String, @Nullable Object> fields = call.object();
        fields.put("thread_id", threadId);
        Outcome<ClientFrame.UserMessage> checked = ClientFrames.userMessage(fields);
        if (checked instanceof Outcome.Refused<ClientFrame.UserMessage> refused) {
            throw new RefusedException(Problem.ofFields(refused));
        }
        ClientFrame.UserMessage frame = ((Outcome.Done<ClientFrame.UserMessage>) checked).value();
        return new UserMessage(
                frame.threadId(),
                frame.messageId(),
                frame.text(),
                frame.agent(),
                frame.options(),
                null,
                TraceParent.of(call.headers(TraceParent.HEADER)));
    }

    private static HttpReply posted(Outcome<Posted> outcome) {
        if (outcome instanceof Outcome.Refused<Posted> refused) {
            return Problem.of(refused).reply();
        }
        Posted posted = ((Outcome.Done<Posted>) outcome).value();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("seq", posted.seq());
        document.put("run_id", posted.runId());
        document.put("duplicate", posted.duplicate());
        return HttpReply.json(202, document);
    }

    private CompletionStage<HttpReply> cancel(HttpCall call) throws RefusedException {
        String runId = call.id("run_id");
        return gateway.services()
                .conversations()
                .cancel(call.caller().userId(), runId)
                .thenApply(outcome -> outcome instanceof Outcome.Refused<String> refused
                        ? Problem.of(refused).reply()
                        : HttpReply.json(202, Map.of("run_id", runId)));
    }
}
