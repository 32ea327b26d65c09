package io.handfast.netty;

import io.handfast.log.ThreadLog;
import io.handfast.netty.http.HttpConnectionHandler;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Origins;
import io.handfast.netty.http.Site;
import io.handfast.netty.loop.Drainable;
import io.handfast.netty.loop.Loop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The gateway, listening. {@link #drain} brings it to an end in peace, {@link #close} at once; it does not close the services behind
 * it.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a write or close that fails ends the channel, which is told by channelInactive
public final class GatewayServer implements AutoCloseable {
    /**
     * Bytes that the kernel takes before they can be sent. Without a bound it takes megabytes at once and then nothing until a third of
     * them has left: a peer that reads slowly would be seen to make no progress for seconds (F17).
     */
    private static final long UNSENT_MAX = 128 * 1024;

    private final Gateway gateway;
    private final MultiThreadIoEventLoopGroup loops;
    private final Channel listener;
    private final ChannelGroup channels;
    private final ThreadLog.Watch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    private GatewayServer(
            Gateway gateway,
            MultiThreadIoEventLoopGroup loops,
            Channel listener,
            ChannelGroup channels,
            ThreadLog.Watch watch) {
        this.gateway = gateway;
        this.loops = loops;
        this.listener = listener;
        this.channels = channels;
        this.watch = watch;
    }

    /**
     * Binds the address and takes connections from the return on. Blocks until bound.
     *
     * @throws IOException when the address cannot be bound
     */
    public static GatewayServer start(GatewayConfig config, GatewayServices services) throws IOException {
        boolean epoll = Epoll.isAvailable();
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        int threads = config.sockets().eventLoops();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(
                threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                new DefaultThreadFactory("handfast-io", true),
                io);
        Map<EventLoop, Gateway.Place> places = new HashMap<>();
        List<LoopReaders> readers = new ArrayList<>();
        for (EventExecutor executor : loops) {
            EventLoop loop = (EventLoop) executor;
            LoopReaders ofLoop = new LoopReaders(loop);
            readers.add(ofLoop);
            places.put(loop, new Gateway.Place(new Loop(loop), ofLoop));
        }
        Gateway gateway = new Gateway(config, services, places);
        ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        Class<? extends ServerChannel> type = epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
        // Before the first connection, so that no commit goes by unseen.
        ThreadLog.Watch watch = services.log().watch(new ReaderHub(readers));
        ChannelFuture bound = bootstrap(gateway, loops, type, site(gateway), channels)
                .bind(config.host(), config.port())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            watch.close();
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + config.host() + ":" + config.port(), bound.cause());
        }
        return new GatewayServer(gateway, loops, bound.channel(), channels, watch);
    }

    private static Site site(Gateway gateway) {
        ThreadStreams streams = new ThreadStreams(gateway);
        List<HttpRoute> routes = new ArrayList<>(gateway.services().routes().apply(streams));
        routes.addAll(new OpenRoutes(gateway).routes());
        routes.addAll(new ThreadRoutes(gateway, streams).routes());
        routes.addAll(new OwnThreads(gateway).routes());
        routes.addAll(new ConversationRoutes(gateway).routes());
        Origins origins = new Origins(gateway.config().allowedOrigins());
        return new Site(routes, gateway.services().gatekeeper(), origins, new WebSocketDesk(gateway));
    }

    private static ServerBootstrap bootstrap(
            Gateway gateway,
            MultiThreadIoEventLoopGroup loops,
            Class<? extends ServerChannel> type,
            Site site,
            ChannelGroup channels) {
        GatewayConfig.Sockets sockets = gateway.config().sockets();
        ServerBootstrap bootstrap = new ServerBootstrap();
        if (type == EpollServerSocketChannel.class) {
            bootstrap.childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, UNSENT_MAX);
        }
        return bootstrap
                .group(loops)
                .channel(type)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, sockets.backlog())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(sockets.lowWater(), sockets.highWater()))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channels.add(channel);
                        HttpConnectionHandler.install(
                                channel,
                                site,
                                gateway.config().http(),
                                gateway.place(channel.eventLoop()).loop(),
                                gateway::draining);
                    }
                });
    }

    /** The address that is bound, with the port that the system chose. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Refuses new connections with 503 from now on, on {@code /readyz} too; those that are open go on until {@link #drain}. For the time
     * in which the runs of this process may end.
     */
    public void refuseNew() {
        gateway.startDraining();
    }

    /**
     * Refuses new connections, tells those that are open to go, lets what is pending leave, and closes everything; done when all are
     * closed, at the latest when the deadline has passed (F18 to F20).
     *
     * @param deadline more than the close timeout of {@link GatewayConfig#limits}, which is part of it
     */
    public CompletionStage<Void> drain(Duration deadline) {
        Duration pending = deadline.minus(gateway.config().limits().closeTimeout());
        long pendingNanos = Math.max(pending.toNanos(), deadline.toNanos() / 2);
        gateway.startDraining();
        long leaveByNanos = gateway.leaveBy(System.nanoTime() + pendingNanos);
        onEach(drainable -> drainable.drain(leaveByNanos));
        CompletableFuture<Void> drained = new CompletableFuture<>();
        channels.newCloseFuture().addListener(done -> drained.complete(null));
        return drained.completeOnTimeout(null, deadline.toNanos(), TimeUnit.NANOSECONDS)
                .thenRun(this::close);
    }

    private void onEach(Consumer<Drainable> step) {
        for (Gateway.Place place : gateway.places()) {
            place.loop().executor().execute(() -> place.loop().live().forEach(step));
        }
    }

    /** Closes everything at once, and gives the threads back. May be called again. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        watch.close();
        listener.close();
        onEach(Drainable::abort);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
