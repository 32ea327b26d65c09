package io.handfast.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.handfast.netty.frame.ClientFrameBytes;
import io.handfast.protocol.Json;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client that decides on each byte. Every read has a deadline of {@link #PATIENCE}. */
public final class RawClient implements AutoCloseable {
    static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    /** How long tests wait for what has to come: so long that no busy machine is taken for a fault. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int DEADLINE_MILLIS = (int) PATIENCE.toMillis();

    private final Socket socket = new Socket();
    private final InputStream in;

    /** An answer of HTTP. */
    public record Response(int status, Map<String, String> headers, String body) {
        @Nullable
        String header(String name) {
            return headers.get(name.toLowerCase(Locale.ROOT));
        }

        Map<String, Object> json() {
            return object(body.getBytes(UTF_8));
        }
    }

    /** A frame of the server. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, UTF_8);
        }

        public Map<String, Object> json() {
            return object(payload);
        }

        public boolean isClose() {
            return opcode == ClientFrameBytes.CLOSE;
        }

        public int closeCode() {
            return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        }
    }

    public RawClient(InetSocketAddress address) {
        this(address, 0);
    }

    /** @param receiveBytes of the socket's buffer; 0 for the system's choice */
    RawClient(InetSocketAddress address, int receiveBytes) {
        try {
            if (receiveBytes > 0) {
                socket.setReceiveBufferSize(receiveBytes);
            }
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.connect(address, DEADLINE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked") // Json makes objects of this type only
    private static Map<String, Object> object(byte[] utf8) {
        try {
            return (Map<String, Object>) Objects.requireNonNull(Json.read(utf8));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError("not JSON: " + new String(utf8, UTF_8), e);
        }
    }

    // ---- bytes

    public RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawClient send(String latin1) {
        return send(latin1.getBytes(ISO_8859_1));
    }

    /** Each byte in a packet of its own. */
    RawClient dribble(byte[] bytes) {
        for (byte b : bytes) {
            send(new byte[] {b});
        }
        return this;
    }

    RawClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends with a reset. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int read() {
        try {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            return b;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] read(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the server ended the stream, in peace or with a reset; what still comes before is thrown away. */
    public boolean ends() {
        long sinceNanos = System.nanoTime();
        try {
            while (in.read() >= 0) {
                stillWaiting(sinceNanos, "end");
            }
            return true;
        } catch (IOException e) {
            return e.getMessage() != null && e.getMessage().contains("reset");
        }
    }

    // ---- HTTP

    public static String get(String target, String... headers) {
        return request("GET", target, "", headers);
    }

    static String post(String target, String body, String... headers) {
        return request("POST", target, body, headers);
    }

    static String request(String method, String target, String body, String... headers) {
        StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: test\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            request.append("Content-Length: ")
                    .append(body.getBytes(UTF_8).length)
                    .append("\r\n");
        }
        return request.append("\r\n").append(body).toString();
    }

    String line() {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\n'; b = read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** The head of an answer, without its body. */
    public Response head() {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Response(status, headers, "");
    }

    /** A whole answer with a length. */
    public Response response() {
        Response head = head();
        int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
        return new Response(head.status(), head.headers(), new String(read(length), UTF_8));
    }

    Response call(String request) {
        return send(request.getBytes(UTF_8)).response();
    }

    /** The next piece of a chunked body; empty for its end. */
    String chunk() {
        int length = Integer.parseInt(line(), 16);
        String piece = new String(read(length), UTF_8);
        line();
        return piece;
    }

    /** The next server-sent event that is no comment: its fields. */
    Map<String, String> event(StringBuilder buffer) {
        while (true) {
            int end = buffer.indexOf("\n\n");
            if (end < 0) {
                String piece = chunk();
                if (piece.isEmpty()) {
                    throw new AssertionError("the stream ended");
                }
                buffer.append(piece);
                continue;
            }
            String block = buffer.substring(0, end);
            buffer.delete(0, end + 2);
            if (!block.startsWith(":")) {
                Map<String, String> fields = new LinkedHashMap<>();
                for (String line : block.split("\n", -1)) {
                    int colon = line.indexOf(": ");
                    fields.put(line.substring(0, colon), line.substring(colon + 2));
                }
                return fields;
            }
        }
    }

    // ---- WebSocket

    public static String upgrade(String target, String... headers) {
        return get(
                target,
                concat(
                        List.of(
                                "Upgrade: websocket",
                                "Connection: Upgrade",
                                "Sec-WebSocket-Version: 13",
                                "Sec-WebSocket-Key: " + KEY),
                        headers));
    }

    private static String[] concat(List<String> first, String[] more) {
        String[] all = first.toArray(new String[first.size() + more.length]);
        System.arraycopy(more, 0, all, first.size(), more.length);
        return all;
    }

    /** Opens a WebSocket of tier transport and answers its Pings until it is READY. */
    public RawClient open(String target) {
        Response response = send(upgrade(target)).head();
        if (response.status() != 101) {
            throw new AssertionError("no 101 but " + response);
        }
        await("connection_ready");
        return this;
    }

    public Frame frame() {
        int first = read();
        int length = read();
        if (length == 126) {
            length = read() << 8 | read();
        } else if (length == 127) {
            read(4);
            length = read() << 24 | read() << 16 | read() << 8 | read();
        }
        return new Frame(first & 0x0F, read(length));
    }

    /** The next frame that is no Ping; Pings are answered. */
    public Frame data() {
        for (Frame frame = frame(); ; frame = frame()) {
            if (frame.opcode() != ClientFrameBytes.PING) {
                return frame;
            }
            send(ClientFrameBytes.frame(ClientFrameBytes.FIN | ClientFrameBytes.PONG, frame.payload()));
        }
    }

    /** The next text frame of a type; others are passed over. */
    public Map<String, Object> await(String type) {
        return await(frame -> type.equals(frame.get("type")));
    }

    public Map<String, Object> await(Predicate<Map<String, Object>> wanted) {
        for (long sinceNanos = System.nanoTime(); true; stillWaiting(sinceNanos, "frame of this kind")) {
            Frame frame = data();
            if (frame.isClose()) {
                throw new AssertionError("closed: " + frame.closeCode());
            }
            if (frame.opcode() == ClientFrameBytes.TEXT && wanted.test(frame.json())) {
                return frame.json();
            }
        }
    }

    /** The code of the server's Close; frames before it are passed over. */
    public int closeCode() {
        long sinceNanos = System.nanoTime();
        Frame frame = data();
        while (!frame.isClose()) {
            stillWaiting(sinceNanos, "Close");
            frame = data();
        }
        return frame.closeCode();
    }

    /** Heartbeats would keep a wait for what never comes alive for ever. */
    static void stillWaiting(long sinceNanos, String what) {
        if (System.nanoTime() - sinceNanos > PATIENCE.toNanos()) {
            throw new AssertionError("no " + what + " within " + PATIENCE);
        }
    }

    public RawClient text(String json) {
        return send(ClientFrameBytes.text(json));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
