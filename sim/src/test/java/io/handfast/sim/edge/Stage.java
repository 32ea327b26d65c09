package io.handfast.sim.edge;

import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A server with plain sockets, an edge in front of it, and clients. */
final class Stage implements Closeable {
    private final ServerSocket listening;
    private final List<Closeable> open = new ArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Edge edge;

    Stage(String script) throws IOException {
        this(script, config -> config);
    }

    Stage(String script, UnaryOperator<EdgeConfig> more) throws IOException {
        listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        listening.setSoTimeout((int) Peer.PATIENCE.toMillis());
        EdgeConfig config = EdgeConfig.to((InetSocketAddress) listening.getLocalSocketAddress())
                .withListener(new EdgeLines(lines::add));
        edge = Edge.start(more.apply(config).withScript(Script.parse("stage", script)));
    }

    Edge edge() {
        return edge;
    }

    /** What the edge reported. */
    List<String> lines() {
        return lines;
    }

    Peer client() throws IOException {
        return opened(Peer.connect(edge.address()));
    }

    /** The server's end of the next connection. */
    Peer server() throws IOException {
        return opened(new Peer(listening.accept()));
    }

    private Peer opened(Peer peer) {
        open.add(peer);
        return peer;
    }

    /** The two ends of one connection, upgraded; whatever the script does to the handshake. */
    record Pair(Peer client, Peer server) {}

    /** The client has asked, and the server has seen it. */
    Pair asked() throws IOException {
        Peer client = client();
        Peer server = server();
        client.send(Bytes.REQUEST);
        server.gets(Bytes.REQUEST);
        return new Pair(client, server);
    }

    Pair upgraded() throws IOException {
        Pair pair = asked();
        pair.server().send(Bytes.SWITCHED);
        pair.client().gets(Bytes.SWITCHED);
        return pair;
    }

    @Override
    public void close() throws IOException {
        for (Closeable peer : open) {
            peer.close();
        }
        edge.close();
        listening.close();
    }
}
