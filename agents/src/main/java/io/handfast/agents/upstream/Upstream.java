package io.handfast.agents.upstream;

import io.handfast.agent.AgentFailure;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Opens calls to one service. Threads may share it; each call blocks the thread that made it, which may be interrupted. */
public final class Upstream {
    private final HttpClient client;
    private final UpstreamTimeouts timeouts;
    private final UpstreamFailures failures;

    private Upstream(HttpClient client, UpstreamTimeouts timeouts, UpstreamFailures failures) {
        this.client = client;
        this.timeouts = timeouts;
        this.failures = failures;
    }

    /**
     * Calls within these time-outs.
     *
     * @param failures speaks for the agent that calls
     */
    public static Upstream of(UpstreamTimeouts timeouts, UpstreamFailures failures) {
        return new Upstream(client(timeouts), timeouts, failures);
    }

    /**
     * HTTP/1.1, because a stream is a connection of its own there and cancelling it closes that; redirects are not followed,
     * because they would carry the credential elsewhere.
     */
    private static HttpClient client(UpstreamTimeouts timeouts) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeouts.connect())
                .build();
    }

    /**
     * Sends the request and waits for the head of the response, whatever its status.
     *
     * @throws AgentFailure when none comes in time
     * @throws InterruptedException when interrupted: the request is closed
     */
    public UpstreamResponse open(HttpRequest request) throws AgentFailure, InterruptedException {
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> head =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofPublisher());
        boolean answered = false;
        try {
            HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
                    head.get(timeouts.head().toNanos(), TimeUnit.NANOSECONDS);
            answered = true;
            return new UpstreamResponse(response, timeouts.idle(), failures);
        } catch (TimeoutException e) {
            throw failures.timeout("its service did not answer", timeouts.head());
        } catch (ExecutionException e) {
            throw failures.unreachable(e);
        } finally {
            if (!answered) {
                head.cancel(true);
            }
        }
    }
}
