package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that knows RFC 6455 from the JDK and the frames of spec/protocol.md from here, and nothing else. */
public final class TestClient implements WebSocket.Listener, AutoCloseable {
    private static final long PATIENCE_SECONDS = TestServer.PATIENCE.toSeconds();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
    private final List<Frame> seen = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    private @Nullable WebSocket socket;

    private TestClient() {}

    static TestClient connect(URI uri, Map<String, String> headers, String... protocols) throws Exception {
        TestClient client = new TestClient();
        WebSocket.Builder builder = HTTP.newWebSocketBuilder();
        headers.forEach(builder::header);
        if (protocols.length > 0) {
            builder.subprotocols(
                    protocols[0],
                    List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
        }
        client.socket = builder.buildAsync(uri, client).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** The status with which an upgrade is refused. */
    static int refusal(URI uri, Map<String, String> headers, String... protocols) throws Exception {
        try {
            connect(uri, headers, protocols).close();
            throw new AssertionError("the upgrade was not refused");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    public String protocol() {
        return socket().getSubprotocol();
    }

    /** Sends a frame of names and values. */
    public void send(String type, Object... fields) throws Exception {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", type);
        for (int i = 0; i < fields.length; i += 2) {
            frame.put((String) fields[i], fields[i + 1]);
        }
        socket().sendText(new String(Json.write(frame), StandardCharsets.UTF_8), true)
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The next frame of this type; those before it are skipped, and stay in {@link #events()}. */
    public Frame await(String type) throws Exception {
        return await(frame -> frame.type().equals(type));
    }

    public Frame await(Predicate<Frame> wanted) throws Exception {
        while (true) {
            Frame frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(frame).as("the awaited frame, after " + seen).isNotNull();
            seen.add(frame);
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /** What came so far and was awaited, of what has a place in a thread's log. */
    public List<Frame> events() {
        return seen.stream().filter(Frame::event).toList();
    }

    /** Waits for the close; everything that came before it. */
    public List<Frame> untilClosed() throws Exception {
        closeCode();
        frames.drainTo(seen);
        return List.copyOf(seen);
    }

    public int closeCode() throws Exception {
        return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** Cuts the connection without a word. */
    public void cut() {
        socket().abort();
    }

    @Override
    public void close() {
        socket().abort();
    }

    private WebSocket socket() {
        if (socket == null) {
            throw new IllegalStateException("not connected");
        }
        return socket;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        partial.append(part);
        if (last) {
            frames.add(Frame.of(partial.toString()));
            partial.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(error instanceof IOException ? 1006 : -1);
    }
}
