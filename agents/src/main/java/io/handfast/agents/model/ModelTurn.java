package io.handfast.agents.model;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agents.upstream.UpstreamFailures;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One answer of the model as it streams in. LangChain4j swallows what a handler throws, so the first thing that goes wrong is
 * kept, the stream is cancelled, and {@link #response} throws it. Used by the thread of the run alone.
 */
final class ModelTurn implements StreamingChatResponseHandler {
    private static final String PARAGRAPH = "\n\n";

    private final AgentEvents events;
    private final UpstreamFailures failures;
    private final boolean answeredBefore;
    private boolean answered;
    private @Nullable Throwable wrong;
    private @Nullable ChatResponse response;

    /** @param answeredBefore whether the run has said something already: this answer is a paragraph of its own then */
    ModelTurn(AgentEvents events, UpstreamFailures failures, boolean answeredBefore) {
        this.events = events;
        this.failures = failures;
        this.answeredBefore = answeredBefore;
    }

    /** Whether the run has said something by now. */
    boolean answered() {
        return answered || answeredBefore;
    }

    /** The whole answer, after the stream has ended. */
    ChatResponse response() throws AgentFailure, InterruptedException {
        if (wrong instanceof InterruptedException || Thread.interrupted()) {
            throw new InterruptedException("interrupted while the model answered");
        }
        for (Throwable e = wrong; e != null; e = e.getCause()) {
            if (e instanceof AgentFailure failure) {
                throw failure;
            }
        }
        if (wrong instanceof AgentEvents.RunEndedException || wrong instanceof IllegalArgumentException) {
            throw (RuntimeException) wrong; // of the run, not of the model
        }
        if (wrong != null) {
            throw failures.error("its service sent something that is no chat completion", false, wrong);
        }
        ChatResponse whole = response;
        if (whole == null || whole.finishReason() == null) {
            throw failures.truncated("its answer ended before it was complete", null);
        }
        if (whole.finishReason() == FinishReason.CONTENT_FILTER) {
            throw failures.error("its service withheld the answer (content filter)", false);
        }
        return whole;
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        boolean paragraph = answeredBefore && !answered;
        answered = true;
        emit(() -> events.chunk(paragraph ? PARAGRAPH + partial.text() : partial.text()), context.streamingHandle());
    }

    @Override
    public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
        emit(() -> events.thinking(partial.text()), context.streamingHandle());
    }

    private void emit(Runnable event, StreamingHandle stream) {
        if (wrong != null) {
            return;
        }
        try {
            event.run();
        } catch (RuntimeException e) {
            wrong = e;
            stream.cancel();
        }
    }

    /** An event that is no piece of an answer: some services report errors this way, in the middle of a stream. */
    @Override
    public void onUnmappedRawEvent(Object raw) {
        if (raw instanceof ServerSentEvent event && error(event.data()) instanceof Map<?, ?> error && wrong == null) {
            Object kind = error.get("code") instanceof String code ? code : error.get("type");
            boolean passing = String.valueOf(kind).matches("server_error|rate_limit_exceeded|overloaded.*|timeout");
            wrong = failures.error("its service reported an error" + (kind == null ? "" : ": " + kind), passing);
        }
    }

    private static @Nullable Object error(String data) {
        try {
            return Json.read(data.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> object
                    ? object.get("error")
                    : null;
        } catch (Json.MalformedJsonException e) {
            return null; // LangChain4j reports what is no JSON
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse whole) {
        response = whole;
    }

    @Override
    public void onError(Throwable error) {
        if (wrong == null) {
            wrong = error;
        }
    }
}
