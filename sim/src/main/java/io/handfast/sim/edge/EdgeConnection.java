package io.handfast.sim.edge;

import io.handfast.sim.edge.link.Effect;
import io.handfast.sim.edge.link.Link;
import io.handfast.sim.edge.wire.Side;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs one {@link Link} on two sockets, all on the event loop of the client's. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // A write or close that fails makes the channel inactive, which the handlers hear
// of.
final class EdgeConnection {
    /** How long a peer may take to read what was forwarded before the end. */
    private static final long FLUSH_SECONDS_MAX = 30;

    private final Edge edge;
    private final Channel client;
    private final long number;
    private final long openedNanos;
    private final Link link;
    private @Nullable Channel server;
    private @Nullable Future<?> alarm;
    private long alarmNanos = Long.MAX_VALUE;

    EdgeConnection(Edge edge, Channel client, long number, Link link, long openedNanos) {
        this.edge = edge;
        this.client = client;
        this.number = number;
        this.link = link;
        this.openedNanos = openedNanos;
    }

    /** The first call, on the event loop. */
    void begin() {
        client.pipeline().addLast(new Handler(Side.CLIENT));
        settle();
    }

    void released(String barrier) {
        client.eventLoop().execute(() -> {
            link.released(barrier, edge.nowNanos());
            settle();
        });
    }

    /** Resets both sides; complete when that is done. */
    Future<?> abort() {
        return client.eventLoop().submit(() -> {
            link.abort(edge.nowNanos());
            settle();
        });
    }

    /** Carries out what the link asks for, and asks it when it wants to be called again. */
    private void settle() {
        for (Effect effect = link.poll(); effect != null; effect = link.poll()) {
            carryOut(effect);
        }
        client.flush();
        client.config().setAutoRead(link.wantsInput(Side.CLIENT));
        if (server != null) {
            server.flush();
            server.config().setAutoRead(link.wantsInput(Side.SERVER));
        }
        setAlarm();
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Forward forward) {
            Channel to = channel(forward.to());
            if (to != null) {
                to.write(Unpooled.wrappedBuffer(forward.bytes()), to.voidPromise());
            }
        } else if (effect instanceof Effect.Finish finish) {
            afterWrites(channel(finish.to()), future -> ((DuplexChannel) future.channel()).shutdownOutput());
        } else if (effect instanceof Effect.Reset reset) {
            reset(channel(reset.to()));
        } else if (effect instanceof Effect.Dial dial) {
            dial(dial.backend());
        } else if (effect instanceof Effect.Note note) {
            edge.listener().note(number, age(), note.line(), note.text());
        } else if (effect instanceof Effect.Await await) {
            if (edge.await(await.barrier(), this)) {
                released(await.barrier());
            }
        } else if (effect instanceof Effect.Release release) {
            edge.release(release.barrier());
        } else if (effect instanceof Effect.Terminate terminate) {
            edge.terminate(terminate.backend(), terminate.killAfterNanos(), number, openedNanos);
        } else if (effect instanceof Effect.Done) {
            done();
        }
    }

    private void dial(String backend) {
        edge.dial(backend, client.eventLoop(), new Handler(Side.SERVER)).addListener((ChannelFuture connected) -> {
            if (!connected.isSuccess()) {
                Throwable cause = connected.cause();
                link.dialFailed(cause == null ? "cancelled" : String.valueOf(cause.getMessage()), edge.nowNanos());
            } else if (link.isOver()) {
                connected.channel().close();
            } else {
                server = connected.channel();
                link.dialed(edge.nowNanos());
            }
            settle();
        });
    }

    private static void afterWrites(@Nullable Channel channel, ChannelFutureListener then) {
        if (channel != null) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
        }
    }

    /** Closing with a linger time of 0 makes the kernel send a RST and forget what was not sent yet. */
    private static void reset(@Nullable Channel channel) {
        if (channel != null && channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    private void done() {
        for (Side side : Side.values()) {
            Channel channel = channel(side);
            afterWrites(channel, ChannelFutureListener.CLOSE);
            if (channel != null && channel.isOpen()) {
                Future<?> cut =
                        channel.eventLoop().schedule(() -> channel.close(), FLUSH_SECONDS_MAX, TimeUnit.SECONDS);
                channel.closeFuture().addListener(closed -> cut.cancel(false));
            }
        }
        edge.gone(this);
        edge.listener().closed(number, age(), link.ending(), link.totals());
    }

    private void setAlarm() {
        long deadlineNanos = link.nextDeadlineNanos();
        if (deadlineNanos >= alarmNanos) {
            // The alarm that is set comes early, does no harm, and sets the right one.
            return;
        }
        if (alarm != null) {
            alarm.cancel(false);
        }
        alarmNanos = deadlineNanos;
        long delayNanos = Math.max(0, deadlineNanos - edge.nowNanos());
        alarm = client.eventLoop().schedule(this::alarm, delayNanos, TimeUnit.NANOSECONDS);
    }

    private void alarm() {
        alarmNanos = Long.MAX_VALUE;
        link.tick(edge.nowNanos());
        settle();
    }

    private @Nullable Channel channel(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    private long age() {
        return edge.nowNanos() - openedNanos;
    }

    private final class Handler extends ChannelInboundHandlerAdapter {
        private final Side side;

        Handler(Side side) {
            this.side = side;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf buffer = (ByteBuf) message;
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.readBytes(bytes);
            buffer.release();
            link.bytes(side, bytes, 0, bytes.length, edge.nowNanos());
            settle();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                link.fin(side, edge.nowNanos());
                settle();
            }
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            link.writable(side, context.channel().isWritable(), edge.nowNanos());
            settle();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!(cause instanceof IOException)) {
                edge.listener().note(number, age(), 0, "the edge itself failed: " + cause);
            }
            link.rst(side, edge.nowNanos());
            settle();
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            link.rst(side, edge.nowNanos());
            settle();
        }
    }
}
