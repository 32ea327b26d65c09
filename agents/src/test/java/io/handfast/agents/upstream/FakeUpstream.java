package io.handfast.agents.upstream;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server on a raw socket that controls every byte of its answers, and when it goes out. */
public final class FakeUpstream implements AutoCloseable {
    /** How long tests wait for what has to come: so long that no busy machine is taken for a fault. */
    public static final long PATIENCE_SECONDS = 60;

    private final ServerSocket server;
    private final Script script;
    private final boolean listens;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();

    /** What the server does with one connection. */
    @FunctionalInterface
    public interface Script {
        void answer(Exchange exchange) throws IOException, InterruptedException;
    }

    /** What came. Header names are in lower case. */
    public record Request(String line, Map<String, String> headers, String body) {}

    private FakeUpstream(Script script, boolean listens) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.script = script;
        this.listens = listens;
    }

    public static FakeUpstream answering(Script script) throws IOException {
        FakeUpstream upstream = new FakeUpstream(script, true);
        daemon(upstream::accept);
        return upstream;
    }

    /** One that says this to whoever connects, reads nothing, and waits for the client to go. */
    public static FakeUpstream saying(String text) throws IOException {
        FakeUpstream upstream =
                new FakeUpstream(exchange -> exchange.write(text).awaitClosedByClient(), false);
        daemon(upstream::accept);
        return upstream;
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + path);
    }

    /** The next request that came. */
    public Request request() throws InterruptedException {
        Request request = requests.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came");
        }
        return request;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            Request request = listens ? read(in) : new Request("", Map.of(), "");
            if (request != null) {
                requests.add(request);
                script.answer(new Exchange(socket, in, request));
            }
        } catch (IOException e) {
            // the client went away: that is what some tests want
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable Request read(InputStream in) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return null;
        }
        List<String> lines = head.lines().toList();
        Map<String, String> headers = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Request(lines.get(0), headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                if (head.size() == 0) {
                    return "";
                }
                throw new EOFException("in the middle of a request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "fake-upstream");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** One connection, after its request was read. */
    public static final class Exchange {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private final Request request;

        Exchange(Socket socket, InputStream in, Request request) throws IOException {
            this.socket = socket;
            this.in = in;
            this.out = socket.getOutputStream();
            this.request = request;
            socket.setTcpNoDelay(true);
        }

        public Request request() {
            return request;
        }

        /** The head of an event stream that ends with its connection. */
        public Exchange stream() throws IOException {
            return write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
        }

        public Exchange write(String text) throws IOException {
            return write(text.getBytes(StandardCharsets.UTF_8));
        }

        public Exchange write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return this;
        }

        /** One event with this data. */
        public Exchange event(String data) throws IOException {
            return write("data: " + data + "\n\n");
        }

        public Exchange respond(int status, String contentType, String body) throws IOException {
            return write("HTTP/1.1 " + status + " Fake\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
        }

        /** Closes with a reset instead of an end. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Waits until the client has closed its side. */
        public void awaitClosedByClient() throws IOException {
            try {
                while (in.read() >= 0) {
                    // whatever comes is of no interest
                }
            } catch (SocketException e) {
                // reset: closed as well
            }
        }
    }
}
