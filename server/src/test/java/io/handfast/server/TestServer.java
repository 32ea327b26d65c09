package io.handfast.server;

import io.handfast.netty.RawClient;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A whole server in this process, on a free port of the loopback address. */
public final class TestServer implements AutoCloseable {
    /** How long tests wait for what has to come: so long that no busy machine is taken for a fault. */
    static final Duration PATIENCE = RawClient.PATIENCE;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Server server;

    private TestServer(Server server) {
        this.server = server;
    }

    /** Started as the environment says, in pairs of name and value. */
    public static TestServer start(String... environment) throws Exception {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        Map<String, String> flags = new HashMap<>();
        if (!variables.containsKey("HANDFAST_PORT")) {
            flags.put("handfast.port", "0");
        }
        if (!variables.containsKey("HANDFAST_LOG")) {
            flags.put("handfast.log", "memory");
        }
        return new TestServer(
                Server.start(Configuration.load(new Sources(flags, Map.of(), variables, Optional.empty()))));
    }

    public Server server() {
        return server;
    }

    public String url() {
        return server.url();
    }

    public int port() {
        return server.address().getPort();
    }

    /** Opens a WebSocket; {@code query} is what stands behind the question mark, and may be empty. */
    public TestClient connect(String query, String... protocols) throws Exception {
        return TestClient.connect(socketUri(query), Map.of(), protocols);
    }

    public URI socketUri(String query) {
        return URI.create("ws://127.0.0.1:" + port() + "/v1/ws" + (query.isEmpty() ? "" : "?" + query));
    }

    /** A GET with headers in pairs of name and value. */
    public HttpResponse<String> get(String path, String... headers) throws Exception {
        return HTTP.send(request(path, headers).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A POST with headers in pairs of name and value. */
    public HttpResponse<String> post(String path, String json, String... headers) throws Exception {
        return send("POST", path, json, headers);
    }

    /** The same with PUT. */
    public HttpResponse<String> put(String path, String json, String... headers) throws Exception {
        return send("PUT", path, json, headers);
    }

    private HttpResponse<String> send(String method, String path, String json, String... headers) throws Exception {
        return HTTP.send(
                request(path, headers)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(PATIENCE);
        return headers.length == 0 ? request : request.headers(headers);
    }

    @Override
    public void close() {
        server.close();
    }
}
