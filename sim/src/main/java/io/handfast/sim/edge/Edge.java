package io.handfast.sim.edge;

import io.handfast.sim.edge.link.Link;
import io.handfast.sim.edge.script.Script;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A TCP proxy that does to connections what a script says: the edge between a client and a server, as it fails in the field. It
 * works in front of any WebSocket server; what is not WebSocket passes through as bytes. Any thread may call.
 *
 * <p>Each connection takes two descriptors, and a bounded amount of memory however slow a peer reads: a full
 * socket on one side stops reading on the other.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for a loop's end after a failed start, nor for a kill.
public final class Edge implements AutoCloseable {
    private static final int BACKLOG = 4096;
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    private static final long STOP_SECONDS_MAX = 5;

    private final EdgeConfig config;
    private final long originNanos = System.nanoTime();
    private final EventLoopGroup loops;
    private final AtomicLong accepted = new AtomicLong();
    private final Set<EdgeConnection> connections = ConcurrentHashMap.newKeySet();
    private final Set<String> terminated = ConcurrentHashMap.newKeySet();
    private final Barriers barriers = new Barriers();
    private final Channel listening;
    private volatile Script script;
    private volatile String backend;

    private Edge(EdgeConfig config) throws IOException {
        this.config = config;
        this.script = config.script();
        this.backend = config.defaultBackend();
        boolean epoll = Epoll.isAvailable();
        this.loops = new MultiThreadIoEventLoopGroup(epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        ChannelFuture bound = bind(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            InetSocketAddress listen = config.listen();
            String cause = String.valueOf(bound.cause().getMessage());
            throw new IOException("the edge cannot listen on " + listen.getHostString() + ":" + listen.getPort() + ": "
                    + (cause.contains("Address already in use")
                            ? "the address is in use, by another program; choose another port"
                            // Netty names the system call and the number of its error first.
                            : cause.replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?[0-9]+\\): ", "")
                                    + "; choose another address or port"));
        }
        this.listening = bound.channel();
    }

    /**
     * Starts an edge.
     *
     * @throws IOException when it cannot listen
     */
    public static Edge start(EdgeConfig config) throws IOException {
        return new Edge(config);
    }

    private ChannelFuture bind(Class<? extends ServerChannel> type) {
        return new ServerBootstrap()
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        accept(client);
                    }
                })
                .bind(config.listen());
    }

    private void accept(Channel client) {
        long number = accepted.incrementAndGet();
        long nowNanos = nowNanos();
        config.listener().accepted(number, client.remoteAddress());
        Link link = new Link(script, number, config.seed(), backend, nowNanos);
        EdgeConnection connection = new EdgeConnection(this, client, number, link, nowNanos);
        connections.add(connection);
        connection.begin();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    /** How many clients have connected so far. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections are open. */
    public int open() {
        return connections.size();
    }

    /** New connections follow this script; those that are open keep theirs. */
    public void script(Script value) {
        EdgeConfig.check(value, config.backends());
        script = value;
    }

    /** New connections go to this backend unless the script says otherwise. */
    public void reroute(String name) {
        if (!config.backends().containsKey(name)) {
            throw new IllegalArgumentException("there is no backend '" + name + "'; there are: "
                    + String.join(", ", config.backends().keySet()));
        }
        backend = name;
    }

    /** How many connections stand at this barrier. */
    public int waitingAt(String barrier) {
        return barriers.waitingAt(barrier);
    }

    /** Opens the barrier, for those who stand there and for those who come. */
    public void release(String barrier) {
        barriers.release(barrier).forEach(connection -> connection.released(barrier));
    }

    /** Stops listening and resets what is open. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        List<Future<?>> aborts = new ArrayList<>();
        connections.forEach(connection -> aborts.add(connection.abort()));
        // The loops would close what is open in order.
        aborts.forEach(Future::awaitUninterruptibly);
        loops.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Of a clock that starts with the edge, so that times never wrap. */
    long nowNanos() {
        return System.nanoTime() - originNanos;
    }

    EdgeListener listener() {
        return config.listener();
    }

    boolean await(String barrier, EdgeConnection connection) {
        return barriers.await(barrier, connection);
    }

    void gone(EdgeConnection connection) {
        connections.remove(connection);
        barriers.gone(connection);
    }

    ChannelFuture dial(String name, EventLoop loop, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.AUTO_READ, false)
                .handler(handler)
                .connect(Objects.requireNonNull(config.backends().get(name)));
    }

    /** Once for each backend: the kill comes even if the connection that asked for it is over by then. */
    void terminate(String name, long killAfterNanos, long connection, long openedNanos) {
        if (!terminated.add(name)) {
            return;
        }
        if (!config.control().sigterm(name)) {
            listener().note(connection, nowNanos() - openedNanos, 0, "no process is known for backend " + name);
            return;
        }
        loops.next()
                .schedule(
                        () -> {
                            if (config.control().kill(name)) {
                                listener().note(connection, nowNanos() - openedNanos, 0, "killed backend " + name);
                            }
                        },
                        killAfterNanos,
                        TimeUnit.NANOSECONDS);
    }
}
