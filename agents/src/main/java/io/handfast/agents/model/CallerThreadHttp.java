package io.handfast.agents.model;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import io.handfast.agent.AgentFailure;
import io.handfast.agents.sse.SseEvent;
import io.handfast.agents.sse.SseParser;
import io.handfast.agents.sse.SseTooLargeException;
import io.handfast.agents.upstream.Upstream;
import io.handfast.agents.upstream.UpstreamFailures;
import io.handfast.agents.upstream.UpstreamResponse;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LangChain4j's requests, made on the thread that asks and not on one of an HTTP client: so an interrupt reaches a call at any
 * stage (LangChain4j itself can cancel one only after its first event), and a stall has a deadline.
 */
final class CallerThreadHttp implements HttpClient {
    private static final Logger LOG = LoggerFactory.getLogger(CallerThreadHttp.class);
    private static final String EVENT_STREAM = "text/event-stream";
    private static final int EVENT_BYTES_MAX = 1 << 20;
    private static final int EXCERPT_BYTES = 500;

    private final Upstream upstream;
    private final UpstreamFailures failures;

    CallerThreadHttp(Upstream upstream, UpstreamFailures failures) {
        this.upstream = upstream;
        this.failures = failures;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        throw new UnsupportedOperationException("only streams are asked for");
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        try (UpstreamResponse response = upstream.open(translated(request))) {
            check(response);
            listener.onOpen(SuccessfulHttpResponse.builder()
                    .statusCode(response.status())
                    .headers(response.headers().map())
                    .build());
            stream(response, listener);
        } catch (AgentFailure e) {
            listener.onError(e);
        } catch (SseTooLargeException e) {
            listener.onError(failures.error("its service sent " + e.getMessage(), false, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the run looks at it as soon as this returns
            listener.onError(e);
        }
    }

    private static java.net.http.HttpRequest translated(HttpRequest request) {
        java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
                .method(request.method().name(), BodyPublishers.ofString(request.body()));
        request.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        return builder.build();
    }

    private void check(UpstreamResponse response) throws AgentFailure, InterruptedException {
        boolean success = response.status() >= 200 && response.status() < 300;
        if (success && response.mediaType().equals(EVENT_STREAM)) {
            return;
        }
        LOG.warn("HTTP {} {}: {}", response.status(), response.mediaType(), response.excerpt(EXCERPT_BYTES));
        if (!success) {
            throw failures.status(response.status());
        }
        throw failures.error(
                "its service answered with "
                        + (response.mediaType().isEmpty() ? "no content type" : response.mediaType()) + ", not "
                        + EVENT_STREAM,
                false);
    }

    private static void stream(UpstreamResponse response, ServerSentEventListener listener)
            throws AgentFailure, InterruptedException, SseTooLargeException {
        SseParser parser = new SseParser(EVENT_BYTES_MAX);
        Cancellation cancellation = new Cancellation();
        ServerSentEventContext context = new ServerSentEventContext(cancellation);
        for (ByteBuffer bytes = response.next(); bytes != null; bytes = response.next()) {
            parser.feed(bytes);
            for (SseEvent event = parser.poll(); event != null; event = parser.poll()) {
                listener.onEvent(translated(event), context);
                if (cancellation.isCancelled()) {
                    return;
                }
            }
        }
        Optional<SseEvent> last = parser.end();
        if (last.isPresent()) {
            listener.onEvent(translated(last.get()), context);
        }
        listener.onClose();
    }

    private static ServerSentEvent translated(SseEvent event) {
        return new ServerSentEvent(event.type(), event.text());
    }

    /** Read and written by the thread of the run alone. */
    private static final class Cancellation implements ServerSentEventParsingHandle {
        private boolean cancelled;

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** What LangChain4j asks for one. The time-outs are those of the upstream; it may not set others. */
    static final class Builder implements HttpClientBuilder {
        private final CallerThreadHttp http;
        private @Nullable Duration connect;
        private @Nullable Duration read;

        Builder(CallerThreadHttp http) {
            this.http = http;
        }

        @Override
        public Duration connectTimeout() {
            return Objects.requireNonNullElse(connect, Duration.ZERO);
        }

        @Override
        public HttpClientBuilder connectTimeout(Duration timeout) {
            connect = timeout;
            return this;
        }

        @Override
        public Duration readTimeout() {
            return Objects.requireNonNullElse(read, Duration.ZERO);
        }

        @Override
        public HttpClientBuilder readTimeout(Duration timeout) {
            read = timeout;
            return this;
        }

        @Override
        public HttpClient build() {
            return http;
        }
    }
}
