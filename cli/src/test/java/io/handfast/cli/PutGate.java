package io.handfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy before a server that lets everything through, and answers each PUT behind the first with 503 until it is opened. A
 * request begins with a read of its own: the clients of these tests wait for each answer before they ask again.
 */
final class PutGate implements AutoCloseable {
    private static final byte[] REFUSAL = ("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 13\r\nConnection: close\r\n\r\nout for lunch")
            .getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNK = 8192;

    private final InetSocketAddress backend;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private boolean first = true;
    private boolean open;

    PutGate(InetSocketAddress backend) throws IOException {
        this.backend = backend;
        start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    synchronized void open() {
        open = true;
    }

    private synchronized boolean passes() {
        boolean passes = first || open;
        first = false;
        return passes;
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "put-gate");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(backend.getAddress(), backend.getPort());
                sockets.add(client);
                sockets.add(server);
                start(() -> pump(client, server, true));
                start(() -> pump(server, client, false));
            }
        } catch (IOException e) {
            close();
        }
    }

    /** What ends one side ends the other. */
    private void pump(Socket from, Socket to, boolean asks) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (asks && new String(chunk, 0, n, StandardCharsets.ISO_8859_1).startsWith("PUT ") && !passes()) {
                    from.getOutputStream().write(REFUSAL);
                    return;
                }
                out.write(chunk, 0, n);
            }
        } catch (IOException e) {
            // One of the two was closed or reset, and so is the other now.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
