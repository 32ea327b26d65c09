package io.handfast.bench.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The event loops on which clients live. Any thread may call. */
@SuppressWarnings("FutureReturnValueIgnored") // the listener of a socket is told how it ends
public final class ClientLoops implements AutoCloseable {
    /** Less than a client's patience with the whole opening, so that a host that does not answer is told as such. */
    static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    private static final long STOP_SECONDS_MAX = 5;

    private final EventLoopGroup loops;
    private final List<InetAddress> sources;
    private final AtomicInteger dialled = new AtomicInteger();

    private ClientLoops(int threads, List<InetAddress> sources) {
        this.loops = new MultiThreadIoEventLoopGroup(
                threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
        this.sources = List.copyOf(sources);
    }

    /**
     * Starts them.
     *
     * @param sources addresses of this machine from which connections go out, in turn, because one address has some
     *     28,000 ports for each address and port of a server; empty lets the system choose
     */
    public static ClientLoops start(int threads, List<InetAddress> sources) {
        return new ClientLoops(threads, sources);
    }

    /** One of them, in turn. */
    public EventLoop next() {
        return loops.next();
    }

    /**
     * Opens a socket, which lives on {@code loop}; so does the caller. The listener is called later, also when it cannot be
     * opened.
     */
    public ClientSocket open(Dial dial, EventLoop loop, SocketListener listener) {
        ClientSocket socket = new ClientSocket(dial, listener);
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        socket.prepare(channel);
                    }
                });
        if (!sources.isEmpty()) {
            int turn = Math.floorMod(dialled.getAndIncrement(), sources.size());
            bootstrap.localAddress(new InetSocketAddress(sources.get(turn), 0));
        }
        bootstrap.connect(dial.endpoint().address()).addListener(done -> {
            if (!done.isSuccess()) {
                loop.execute(() -> socket.unreachable(done.cause()));
            }
        });
        return socket;
    }

    /** Ends them; sockets that are still open are closed. */
    @Override
    public void close() {
        loops.shutdownGracefully(0, STOP_SECONDS_MAX, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
