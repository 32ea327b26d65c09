package io.handfast.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** An address at which nobody listens, and which nobody else gets: its port is taken. */
final class Nobody implements AutoCloseable {
    private final Socket silent = new Socket();

    Nobody() throws IOException {
        silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    String url() {
        return "http://127.0.0.1:" + silent.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        silent.close();
    }
}
