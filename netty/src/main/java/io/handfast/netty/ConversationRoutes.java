package io.handfast.netty;

import io.handfast.log.ThreadLog.Posted;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ClientFrame;
import io.handfast.protocol.ClientFrames;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Json;
import io.handfast.protocol.Json.MalformedJsonException;
import io.handfast.protocol.Outcome;
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
        String threadId = Positions.id("thread_id", call.capture("thread_id"));
        UserMessage message = message(call, threadId);
        return gateway.services()
                .conversations()
                .post(call.caller().userId(), message)
                .thenApply(ConversationRoutes::posted);
    }

    private static UserMessage message(HttpCall call, String threadId) throws RefusedException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        try {
            if (!(Json.read(call.body()) instanceof Map<?, ?> object)) {
                throw new RefusedException(Problem.of(ErrorCode.BAD_JSON, "the body must be one JSON object"));
            }
            object.forEach((name, value) -> fields.put(String.valueOf(name), value));
        } catch (MalformedJsonException e) {
            throw new RefusedException(Problem.of(ErrorCode.BAD_JSON, "the body is not JSON: " + e.getMessage()));
        }
        fields.put("thread_id", threadId);
        Outcome<ClientFrame.UserMessage> checked = ClientFrames.userMessage(fields);
        if (checked instanceof Outcome.Refused<ClientFrame.UserMessage> refused) {
            throw new RefusedException(invalid(refused));
        }
        ClientFrame.UserMessage frame = ((Outcome.Done<ClientFrame.UserMessage>) checked).value();
        return new UserMessage(frame.threadId(), frame.messageId(), frame.text(), frame.agent(), frame.options());
    }

    /** The first word of such a message is the field that it is about. */
    private static Problem invalid(Outcome.Refused<?> refused) {
        if (refused.code() != ErrorCode.INVALID_FIELD) {
            return Problem.of(refused);
        }
        String field = refused.message().substring(0, refused.message().indexOf(' '));
        return Problem.invalidField(field, refused.message());
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
        String runId = Positions.id("run_id", call.capture("run_id"));
        return gateway.services()
                .conversations()
                .cancel(call.caller().userId(), runId)
                .thenApply(outcome -> outcome instanceof Outcome.Refused<String> refused
                        ? Problem.of(refused).reply()
                        : HttpReply.json(202, Map.of("run_id", runId)));
    }
}
