package io.handfast.sim.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.sim.edge.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

/** One end of a connection, with plain blocking sockets; no wait is longer than {@link #PATIENCE}. */
final class Peer implements Closeable {
    /** How long tests wait for what has to come: so long that no busy machine is taken for a fault. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int TIMEOUT_MILLIS = (int) PATIENCE.toMillis();

    private final Socket socket;

    Peer(Socket socket) throws SocketException {
        this.socket = socket;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static Peer connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, TIMEOUT_MILLIS);
        return new Peer(socket);
    }

    Peer send(byte[]... parts) throws IOException {
        socket.getOutputStream().write(Bytes.join(parts));
        return this;
    }

    Peer fin() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    Peer rst() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
        return this;
    }

    /** The next bytes are these. */
    Peer gets(byte[]... parts) throws IOException {
        byte[] expected = Bytes.join(parts);
        assertThat(socket.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
        return this;
    }

    /** What one read brings. */
    int read() throws IOException {
        return socket.getInputStream().read(new byte[64 * 1024]);
    }

    byte[] read(int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    int available() throws IOException {
        return socket.getInputStream().available();
    }

    /** Nothing more comes, and the stream ended in order. */
    Peer seesFin() throws IOException {
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        return this;
    }

    /** The connection is reset, whatever came before. */
    void seesRst() {
        ByteArrayOutputStream seen = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(seen);
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
            return;
        } catch (IOException e) {
            throw new AssertionError("expected a reset", e);
        }
        throw new AssertionError("expected a reset, but the stream ended in order after " + seen.size() + " bytes");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
