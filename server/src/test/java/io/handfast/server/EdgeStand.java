package io.handfast.server;

import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient;
import io.handfast.protocol.Json;
import io.handfast.sim.edge.BackendControl;
import io.handfast.sim.edge.Edge;
import io.handfast.sim.edge.EdgeConfig;
import io.handfast.sim.edge.EdgeLines;
import io.handfast.sim.edge.script.Script;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running server behind an edge that follows a script, and clients in front of it. */
final class EdgeStand implements AutoCloseable {
    /** The message, the start, a thought, two events of the tool, one chunk and the end. */
    private static final int EVENTS_OF_A_WORD = 7;

    private final TestServer server;
    private final Edge edge;
    private final List<RawClient> clients = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();

    EdgeStand(TestServer server, String script) throws Exception {
        this(server, script, BackendControl.NONE);
    }

    EdgeStand(TestServer server, String script, BackendControl control) throws Exception {
        this.server = server;
        this.edge = Edge.start(EdgeConfig.to(server.server().address())
                .withScript(Script.parse("edge", script))
                .withListener(new EdgeLines(lines::add))
                .withControl(control));
    }

    RawClient client() {
        RawClient client = new RawClient(edge.address());
        clients.add(client);
        return client;
    }

    /** What the edge did, awaited. */
    void awaitLine(String part) {
        await("the edge: " + part + " in " + lines)
                .atMost(TestServer.PATIENCE)
                .until(() -> lines.stream().anyMatch(line -> line.contains(part)));
    }

    void awaitBarrier(String name) {
        await("the barrier " + name + " in " + lines)
                .atMost(TestServer.PATIENCE)
                .until(() -> edge.waitingAt(name) > 0);
    }

    void release(String barrier) {
        edge.release(barrier);
    }

    // ---- beside the edge

    /** Gives the agent echo something to say, by HTTP and not through the edge. */
    void say(String threadId, String messageId, String text, Object... options) throws Exception {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("message_id", messageId);
        message.put("agent", "echo");
        message.put("text", text);
        message.put("options", fields(options));
        HttpResponse<String> answer = server.post(
                "/v1/threads/" + threadId + "/messages", new String(Json.write(message), StandardCharsets.UTF_8));
        if (answer.statusCode() != 202) {
            throw new AssertionError(answer.statusCode() + " " + answer.body());
        }
    }

    /** Megabytes of events, more than the buffers of the kernel and the edge hold; the {@code seq} of the last. */
    long fill(String threadId, int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            say(threadId, "m" + i, "x".repeat(250_000));
        }
        long last = (long) EVENTS_OF_A_WORD * messages;
        awaitHead(threadId, last);
        return last;
    }

    void awaitHead(String threadId, long seq) {
        await("event " + seq).atMost(TestServer.PATIENCE).until(() -> headSeq(threadId) == seq);
    }

    /** A frame of a client, of names and values. */
    static String frame(String type, Object... fields) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", type);
        frame.putAll(fields(fields));
        return new String(Json.write(frame), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> fields(Object... fields) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            values.put((String) fields[i], fields[i + 1]);
        }
        return values;
    }

    long headSeq(String threadId) throws Exception {
        Frame page = Frame.of(server.get("/v1/threads/" + threadId + "/events?after_seq=latest")
                .body());
        return (Long) Objects.requireNonNull(page.fields().get("head_seq"), "head_seq");
    }

    /** The sum over all series of a counter with these labels. */
    double counted(String name, String... labels) throws Exception {
        Matcher line = Pattern.compile("(?m)^" + name + "(\\{.*})? ([0-9.E+]+)$")
                .matcher(server.get("/metrics").body());
        double sum = 0;
        while (line.find()) {
            String series = line.group(1) == null ? "" : line.group(1);
            if (List.of(labels).stream().allMatch(series::contains)) {
                sum += Double.parseDouble(line.group(2));
            }
        }
        return sum;
    }

    void awaitCount(double wanted, String name, String... labels) {
        await(name + List.of(labels)).atMost(TestServer.PATIENCE).until(() -> counted(name, labels) >= wanted);
    }

    @Override
    public void close() {
        clients.forEach(RawClient::close);
        edge.close();
    }
}
