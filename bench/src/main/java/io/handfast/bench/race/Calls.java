package io.handfast.bench.race;

import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Identity;
import io.handfast.protocol.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** HTTP calls to a Handfast, past every edge. Any thread may call. */
public final class Calls {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** An answer of the server. */
    record Answer(int status, String body) {
        boolean succeeded() {
            return status / 100 == 2;
        }

        /** What a problem says is wrong; the whole body when it is none. */
        String complaint() {
            return json().get("detail") instanceof String detail ? detail : body.strip();
        }

        /** The body as an object; an empty one when it is none. */
        @SuppressWarnings("unchecked") // Json.read makes objects of this type only
        Map<String, @Nullable Object> json() {
            try {
                return Json.read(body.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> object
                        ? (Map<String, @Nullable Object>) object
                        : Map.of();
            } catch (Json.MalformedJsonException e) {
                return Map.of();
            }
        }
    }

    private final Endpoint endpoint;

    public Calls(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Answer get(String target, Identity who) throws IOException, InterruptedException {
        return answer(request(target, who).GET().build());
    }

    Answer send(String method, String target, Identity who, byte[] json) throws IOException, InterruptedException {
        return answer(withBody(method, target, who, json));
    }

    CompletableFuture<Answer> post(String target, Identity who, byte[] json) {
        return HTTP.sendAsync(withBody("POST", target, who, json), BodyHandlers.ofString())
                .thenApply(Calls::answer);
    }

    private HttpRequest withBody(String method, String target, Identity who, byte[] json) {
        return request(target, who)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(json))
                .build();
    }

    private HttpRequest.Builder request(String target, Identity who) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.http(target)).timeout(PATIENCE);
        return who.token() == null
                ? request.header("X-Handfast-User", who.user())
                : request.header("Authorization", "Bearer " + who.token());
    }

    private Answer answer(HttpRequest request) throws IOException, InterruptedException {
        try {
            return answer(HTTP.send(request, BodyHandlers.ofString()));
        } catch (ConnectException e) {
            // Its own message is null when the port is closed.
            throw new IOException("no server can be reached at " + endpoint, e);
        } catch (HttpTimeoutException e) {
            throw new IOException(
                    "the server at " + endpoint + " does not answer within " + PATIENCE.toSeconds() + " s", e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.body());
    }
}
