package io.handfast.bench.client;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a client, from the attempt to connect to its end, with the frames of Netty. Lives on its loop. */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a write or close that fails ends the channel, which channelInactive tells
public final class ClientSocket extends ChannelInboundHandlerAdapter {
    private static final int MESSAGE_BYTES_MAX = 16 * 1024 * 1024;
    private static final int REFUSAL_BYTES_MAX = 64 * 1024;
    private static final int NORMAL = 1000;

    private final Dial dial;
    private final SocketListener listener;
    private @Nullable Channel channel;
    private @Nullable WebSocketClientHandshaker handshaker;
    private boolean opened;
    private boolean over;
    private long attachedNanos;

    ClientSocket(Dial dial, SocketListener listener) {
        this.dial = dial;
        this.listener = listener;
    }

    void prepare(Channel fresh) {
        channel = fresh;
        if (dial.coalescedLost()) {
            fresh.pipeline().addLast(new CoalescedLoss());
        }
        fresh.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(REFUSAL_BYTES_MAX), this);
    }

    // ---- what the owner wants

    /** Sends a text message; without effect before the 101 and when the socket is over. */
    public void text(byte[] utf8) {
        Channel open = channel;
        if (open != null && opened && !over) {
            open.writeAndFlush(new TextWebSocketFrame(Unpooled.wrappedBuffer(utf8)));
        }
    }

    /** Closes with 1000, without waiting for the answer; before the 101 the connection just ends. */
    public void close(String reason) {
        Channel open = channel;
        if (open != null && opened && !over) {
            open.writeAndFlush(new CloseWebSocketFrame(NORMAL, reason)).addListener(ChannelFutureListener.CLOSE);
        } else if (open != null) {
            open.close();
        }
    }

    /** Resets the connection, without a word. */
    public void abort() {
        Channel open = channel;
        if (open != null) {
            open.config().setOption(ChannelOption.SO_LINGER, 0);
            open.close();
        }
    }

    // ---- what the channel tells

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        listener.connected();
        HttpHeaders headers = new DefaultHttpHeaders();
        if (dial.identity().token() != null) {
            headers.set("Authorization", "Bearer " + dial.identity().token());
        }
        WebSocketClientHandshaker shaker = WebSocketClientHandshakerFactory.newHandshaker(
                dial.uri(), WebSocketVersion.V13, dial.protocol(), false, headers, MESSAGE_BYTES_MAX);
        handshaker = shaker;
        shaker.handshake(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        long nowNanos = System.nanoTime();
        try {
            if (message instanceof FullHttpResponse response) {
                answered(ctx, response, nowNanos);
            } else if (message instanceof TextWebSocketFrame text) {
                text(ByteBufUtil.getBytes(text.content()), nowNanos);
            } else if (message instanceof PingWebSocketFrame ping) {
                ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                listener.pinged(nowNanos);
            } else if (message instanceof CloseWebSocketFrame close) {
                ctx.writeAndFlush(close.retainedDuplicate()).addListener(ChannelFutureListener.CLOSE);
                end(SocketEnd.closed(close.statusCode(), Objects.requireNonNullElse(close.reasonText(), "")), nowNanos);
            } else if (message instanceof BinaryWebSocketFrame) {
                broken(ctx, "a binary frame, which no server of this protocol sends", nowNanos);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void answered(ChannelHandlerContext ctx, FullHttpResponse response, long nowNanos) {
        if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            String body = response.content().toString(StandardCharsets.UTF_8);
            end(SocketEnd.refused(response.status().code(), body), nowNanos);
            ctx.close();
            return;
        }
        try {
            Objects.requireNonNull(handshaker, "made when the channel opened").finishHandshake(ctx.channel(), response);
        } catch (WebSocketHandshakeException e) {
            broken(ctx, "a 101 that breaks RFC 6455: " + e.getMessage(), nowNanos);
            return;
        }
        handshaker = null;
        ctx.pipeline().addBefore(ctx.name(), null, new WebSocketFrameAggregator(MESSAGE_BYTES_MAX));
        opened = true;
        attachedNanos = nowNanos + dial.attachAfter().toNanos();
        listener.opened(nowNanos);
    }

    private void text(byte[] utf8, long nowNanos) {
        if (nowNanos - attachedNanos < 0) {
            listener.unheard(utf8, nowNanos);
        } else {
            listener.text(utf8, nowNanos);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end(SocketEnd.lost(opened, "the connection ended without a Close"), System.nanoTime());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        broken(ctx, String.valueOf(cause.getMessage()), System.nanoTime());
    }

    private void broken(ChannelHandlerContext ctx, String detail, long nowNanos) {
        end(SocketEnd.lost(opened, detail), nowNanos);
        ctx.close();
    }

    /** The attempt to connect has failed. */
    void unreachable(Throwable cause) {
        end(SocketEnd.lost(false, reason(cause)), System.nanoTime());
    }

    /** The messages of exceptions name system calls and error numbers. */
    private static String reason(Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return "no answer within " + ClientLoops.CONNECT_TIMEOUT_MILLIS / 1000 + " s";
        }
        if (cause instanceof ConnectException) {
            return "connection refused";
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "the name of the host is not known";
        }
        return String.valueOf(cause.getMessage());
    }

    private void end(SocketEnd end, long nowNanos) {
        if (!over) {
            over = true;
            listener.ended(end, nowNanos);
        }
    }
}
