package io.handfast.agents.upstream;

import io.handfast.agent.AgentFailure;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A response whose body is read as it comes, by one thread. Closing it before its end closes the connection. */
public final class UpstreamResponse implements AutoCloseable {
    private final HttpResponse<?> head;
    private final Duration idle;
    private final UpstreamFailures failures;
    private final BodySubscriber body = new BodySubscriber();
    private final Deque<ByteBuffer> read = new ArrayDeque<>();

    UpstreamResponse(HttpResponse<Flow.Publisher<List<ByteBuffer>>> head, Duration idle, UpstreamFailures failures) {
        this.head = head;
        this.idle = idle;
        this.failures = failures;
        head.body().subscribe(body);
    }

    public int status() {
        return head.statusCode();
    }

    /** The media type without parameters, in lower case; empty when there is none. */
    public String mediaType() {
        String contentType = head.headers().firstValue("content-type").orElse("");
        int parameters = contentType.indexOf(';');
        return (parameters < 0 ? contentType : contentType.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    public java.net.http.HttpHeaders headers() {
        return head.headers();
    }

    /**
     * The next bytes of the body, or null at its end.
     *
     * @throws AgentFailure {@code upstream_error} when none come in time, {@code upstream_truncated} when the connection breaks
     * @throws InterruptedException when interrupted; the caller closes this
     */
    public @Nullable ByteBuffer next() throws AgentFailure, InterruptedException {
        ByteBuffer buffered = read.poll();
        while (buffered == null) {
            BodySubscriber.Signal signal = body.take(idle);
            if (signal == null) {
                throw failures.timeout("its service sent nothing", idle);
            } else if (signal instanceof BodySubscriber.Signal.Bytes bytes) {
                read.addAll(bytes.buffers());
            } else if (signal instanceof BodySubscriber.Signal.Broken broken) {
                throw failures.truncated("its service broke off in the middle of the answer", broken.cause());
            } else {
                return null;
            }
            buffered = read.poll();
        }
        return buffered;
    }

    /** The start of the body as text, for the operator's log; empty when it cannot be read. */
    public String excerpt(int maxBytes) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        try {
            for (ByteBuffer bytes = next(); bytes != null && text.length() < maxBytes; bytes = next()) {
                text.append(StandardCharsets.UTF_8.decode(bytes));
            }
        } catch (AgentFailure e) {
            text.append(" … (").append(e.getMessage()).append(')');
        }
        return text.length() <= maxBytes ? text.toString() : text.substring(0, maxBytes) + " …";
    }

    @Override
    public void close() {
        body.cancel();
    }
}
