package io.handfast.bench.node;

import io.handfast.bench.client.Endpoint;
import io.handfast.protocol.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with the class path and the JVM of this one. For one thread. */
public final class Node implements AutoCloseable {
    /** Runs that may be under way while a node is filled; fewer than the threads for agents. */
    private static final int UNDER_WAY_MAX = 128;

    private static final long STOP_SECONDS_MAX = 30;
    private static final long LOOK_MILLIS = 5;
    private static final long STALLED_MILLIS = 30_000;

    private final Process process;
    private final PrintWriter questions;
    private final BufferedReader answers;
    private final Endpoint endpoint;

    private Node(Process process) throws IOException {
        this.process = process;
        this.questions = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.endpoint = new Endpoint("127.0.0.1", (int) answer());
    }

    /**
     * Starts one on the loopback address, on a free port.
     *
     * @param durability as {@code handfast.durability} spells it
     * @param data its directory
     * @throws IOException when it does not start; why is on standard error
     */
    public static Node start(String durability, Path data) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-XX:MaxRAMPercentage=20");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(NodeMain.class.getName());
        command.add("handfast.host=127.0.0.1");
        command.add("handfast.port=0");
        command.add("handfast.env=testing");
        command.add("handfast.log-level=warn");
        command.add("handfast.runs.deadline=1h");
        command.add("handfast.data=" + data);
        command.add("handfast.durability=" + durability);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new Node(process);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private long answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the server's process has ended");
        }
        return Long.parseLong(line);
    }

    private long ask(String question) throws IOException {
        questions.println(question);
        return answer();
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /** The processor time that it has used so far. */
    public CpuTimes cpu() throws IOException {
        return CpuTimes.of(process.pid());
    }

    /** Bytes on its heap after a collection. */
    public long heapBytes() throws IOException {
        return ask(NodeMain.HEAP);
    }

    /** Bytes of memory that the operating system has given it. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
            }
        }
        throw new IOException("the process has no VmRSS");
    }

    /** How many messages the agent has answered to the end. */
    public long poured() throws IOException {
        return ask(NodeMain.POURED);
    }

    /** Waits until the agent has answered so many messages to the end. */
    public void awaitPoured(long messages) throws IOException, InterruptedException {
        long before = poured();
        for (long now = before, waitedMillis = 0; now < messages; now = poured()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            waitedMillis = now == before ? waitedMillis + LOOK_MILLIS : 0;
            if (waitedMillis > STALLED_MILLIS) {
                throw new IOException("the agent has answered " + now + " messages, and goes on no more");
            }
            before = now;
        }
    }

    /** How the agent is to answer one message. */
    public record Flow(int count, int bytes, int burst, int pauseMillis) {
        Map<String, Object> options() {
            Map<String, Object> options = new LinkedHashMap<>();
            options.put("count", count);
            options.put("bytes", bytes);
            options.put("burst", burst);
            options.put("pause_ms", pauseMillis);
            return options;
        }
    }

    /** The message, ready to be sent on a WebSocket, whose answer flows so. */
    public static byte[] message(String threadId, Flow flow) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("type", "user_message");
        message.put("thread_id", threadId);
        message.putAll(body(flow));
        return Json.write(message);
    }

    private static Map<String, Object> body(Flow flow) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message_id", "m1");
        body.put("text", "Go on.");
        body.put("agent", Pour.NAME);
        body.put("options", flow.options());
        return body;
    }

    /**
     * Lets the agent answer one message in each of these threads, as fast as it can, and waits until it has.
     *
     * @param user whose threads they are
     */
    public void fill(List<String> threadIds, String user, Flow flow) throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        byte[] body = Json.write(body(flow));
        long before = poured();
        for (int posted = 0; posted < threadIds.size(); posted++) {
            awaitPoured(before + posted - UNDER_WAY_MAX);
            URI target = endpoint.http("/v1/threads/" + threadIds.get(posted) + "/messages");
            HttpRequest request = HttpRequest.newBuilder(target)
                    .header("Content-Type", "application/json")
                    .header("X-Handfast-User", user)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 202) {
                throw new IOException("a message was answered " + response.statusCode() + ": " + response.body());
            }
        }
        awaitPoured(before + threadIds.size());
    }

    /** Ends it cleanly. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IOException("the server's process does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
    }
}
