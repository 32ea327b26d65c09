package io.handfast.netty.http;

import io.handfast.netty.http.RequestAssembler.Received;
import io.handfast.netty.loop.Alarm;
import io.handfast.netty.loop.Drainable;
import io.handfast.netty.loop.Loop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks HTTP/1.1 on one socket: takes requests in order, answers one after the other, and hands the socket over when a
 * request asks for another protocol.
 *
 * <p>As soon as such a request has arrived, the decoder leaves the pipeline: what stands behind it is not HTTP, and is kept as it
 * came until the decision is made.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a write or close that fails ends the channel, which is told by channelInactive
public final class HttpConnectionHandler extends ChannelInboundHandlerAdapter implements Drainable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnectionHandler.class);
    private static final int MAX_EARLY_BYTES = 512 * 1024;

    /** What the socket is used for. */
    private enum Mode {
        REQUESTS,
        UPGRADING,
        STREAMING,
        /** Answered for the last time; what still comes in is discarded, so that the answer is not lost to a reset. */
        LINGERING
    }

    /** What the peer is expected to do next, and by when. */
    private enum Phase {
        WAITING,
        HEAD,
        BODY
    }

    /**
     * A request whose turn has not come.
     *
     * @param call the request, unless there is a problem
     * @param keepAlive whether the connection may go on behind it
     */
    private record Pending(
            @Nullable HttpCall call, @Nullable Problem problem, boolean keepAlive, boolean headOnly, boolean chunks) {}

    private final Site site;
    private final HttpLimits limits;
    private final Loop loop;
    private final BooleanSupplier draining;
    private final RequestAssembler assembler;
    private final RequestDecoder decoder;
    private final HttpResponseEncoder encoder = new HttpResponseEncoder();
    private final Channel channel;
    private final Alarm alarm;

    private final ArrayDeque<Pending> queue = new ArrayDeque<>();
    private final List<ByteBuf> early = new ArrayList<>();
    private int earlyBytes;
    private Mode mode = Mode.REQUESTS;
    private Phase phase = Phase.WAITING;
    private boolean answering;
    private boolean replying;

    /** Of the reply, when it was last looked at. */
    private long unsentBytes;

    private boolean turning;
    private boolean inputEnded;
    private @Nullable StreamBody stream;

    private HttpConnectionHandler(Channel channel, Site site, HttpLimits limits, Loop loop, BooleanSupplier draining) {
        this.channel = channel;
        this.site = site;
        this.limits = limits;
        this.loop = loop;
        this.draining = draining;
        this.assembler = new RequestAssembler(limits);
        this.decoder = new RequestDecoder(limits, this::bytesArrived);
        this.alarm = new Alarm(loop.executor(), this::timeUp);
    }

    /**
     * Makes a new channel speak HTTP. On its loop.
     *
     * @param draining whether the server is going down
     */
    public static void install(Channel channel, Site site, HttpLimits limits, Loop loop, BooleanSupplier draining) {
        HttpConnectionHandler handler = new HttpConnectionHandler(channel, site, limits, loop, draining);
        channel.pipeline().addLast(handler.decoder, handler.encoder, handler);
        loop.remember(handler);
        handler.expectBy(limits.headTimeout());
    }

    // ---- input

    private void bytesArrived() {
        if (phase == Phase.WAITING && mode == Mode.REQUESTS) {
            phase = Phase.HEAD;
            expectBy(limits.headTimeout());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (mode == Mode.UPGRADING && msg instanceof ByteBuf bytes) {
            keep(bytes);
            return;
        }
        try {
            if (mode == Mode.REQUESTS && msg instanceof HttpObject part) {
                take(part);
            }
        } finally {
            ReferenceCountUtil.release(msg);
        }
    }

    private void keep(ByteBuf bytes) {
        early.add(bytes);
        earlyBytes += bytes.readableBytes();
        if (earlyBytes > MAX_EARLY_BYTES) {
            channel.config().setAutoRead(false);
        }
    }

    private void take(HttpObject part) {
        Received received = assembler.take(part);
        if (received instanceof Received.Request whole) {
            phase = Phase.WAITING;
            expectBy(limits.idleTimeout());
            enqueue(pending(whole));
        } else if (received instanceof Received.Broken broken) {
            enqueue(new Pending(null, broken.problem(), false, false, false));
        } else if (part instanceof HttpRequest) {
            phase = Phase.BODY;
            expectBy(limits.bodyTimeout());
            if (received instanceof Received.WantsContinue && !answering) {
                channel.writeAndFlush(new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
            }
        }
    }

    private Pending pending(Received.Request whole) {
        HttpRequest head = whole.head();
        boolean headOnly = head.method().name().equals("HEAD");
        boolean chunks = head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0;
        try {
            HttpCall call = RequestHead.call(head, whole.body(), channel.remoteAddress(), loop);
            if (site.upgrades(call.path())) {
                if (!chunks) {
                    throw new RefusedException(Problem.of(400, "bad_request", "an upgrade needs HTTP/1.1"));
                }
                mode = Mode.UPGRADING;
                channel.pipeline().remove(decoder);
                return new Pending(call, null, false, headOnly, chunks);
            }
            return new Pending(call, null, HttpUtil.isKeepAlive(head), headOnly, chunks);
        } catch (RefusedException e) {
            return new Pending(null, e.problem(), false, headOnly, chunks);
        }
    }

    private void enqueue(Pending pending) {
        queue.add(pending);
        turn();
        if (!queue.isEmpty() && mode != Mode.UPGRADING) {
            channel.config().setAutoRead(false);
        }
    }

    // ---- answers, one after the other

    /** Answers what waits. A loop and no recursion: a read may bring thousands of requests that are answered at once. */
    private void turn() {
        if (turning) {
            return;
        }
        turning = true;
        while (!answering && mode != Mode.LINGERING) {
            Pending next = queue.poll();
            if (next == null) {
                break;
            }
            answering = true;
            answer(next);
        }
        turning = false;
        if (queue.isEmpty() && mode == Mode.REQUESTS) {
            channel.config().setAutoRead(true);
        }
    }

    private void answer(Pending pending) {
        HttpCall call = pending.call();
        if (pending.problem() != null) {
            reply(pending, pending.problem().reply());
        } else if (call != null && mode == Mode.UPGRADING && queue.isEmpty()) {
            Stages.onLoop(loop.executor(), site.decide(call), decision -> decided(pending, decision));
        } else if (call != null) {
            Stages.onLoop(loop.executor(), site.answer(call), reply -> reply(pending, reply));
        }
    }

    private void decided(Pending pending, UpgradeDesk.Decision decision) {
        if (!channel.isActive() || mode != Mode.UPGRADING) {
            return;
        }
        if (decision instanceof UpgradeDesk.Decision.Accepted accepted) {
            switchOver(accepted);
        } else {
            releaseEarly();
            reply(pending, ((UpgradeDesk.Decision.Refused) decision).problem().reply());
        }
    }

    private void switchOver(UpgradeDesk.Decision.Accepted accepted) {
        HttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
        accepted.headers().forEach(response.headers()::set);
        ChannelFuture written = channel.write(response);
        alarm.stop();
        loop.forget(this);
        List<ByteBuf> arrived = List.copyOf(early);
        early.clear();
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.remove(encoder);
        pipeline.remove(this);
        accepted.successor().takeOver(channel, written, arrived);
    }

    private void reply(Pending pending, HttpReply reply) {
        if (!channel.isActive()) {
            if (reply instanceof HttpReply.Stream unread) {
                unread.source().closed();
            }
            return;
        }
        boolean goesOn = pending.keepAlive() && !draining.getAsBoolean() && !inputEnded;
        expectBy(limits.idleTimeout());
        if (reply instanceof HttpReply.Stream streamed) {
            open(pending, streamed);
            return;
        }
        HttpReply.Content content = (HttpReply.Content) reply;
        HttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(content.status()),
                pending.headOnly() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(content.body()));
        describe(response, reply, content.contentType());
        if (content.status() != 204 && content.status() != 304) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.body().length);
        }
        if (!goesOn) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (!pending.chunks()) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        replying = true;
        channel.writeAndFlush(response).addListener(done -> {
            replying = false;
            answering = false;
            if (done.isSuccess() && goesOn) {
                turn();
            } else {
                linger();
            }
        });
        unsentBytes = unsentBytes();
    }

    private long unsentBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    private static void describe(HttpResponse response, HttpReply reply, String contentType) {
        HttpHeaders headers = response.headers();
        if (!contentType.isEmpty()) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        headers.set("X-Content-Type-Options", "nosniff");
        reply.headers().forEach(headers::set);
    }

    private void open(Pending pending, HttpReply.Stream streamed) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(streamed.status()));
        describe(response, streamed, streamed.contentType());
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        if (pending.chunks()) {
            HttpUtil.setTransferEncodingChunked(response, true);
        }
        queue.clear();
        mode = Mode.STREAMING;
        alarm.due(Alarm.NEVER, System.nanoTime());
        channel.config().setAutoRead(true);
        channel.writeAndFlush(response);
        StreamBody body = new StreamBody(streamed.source());
        if (pending.headOnly() || inputEnded) {
            streamed.source().closed();
            body.end();
            return;
        }
        stream = body;
        streamed.source().opened(body);
        if (draining.getAsBoolean()) {
            streamed.source().drain();
        }
    }

    // ---- time, end and failure

    private void expectBy(Duration timeout) {
        long now = System.nanoTime();
        alarm.due(now + timeout.toNanos(), now);
    }

    private void timeUp() {
        if (mode == Mode.REQUESTS && answering && !replying) {
            expectBy(limits.idleTimeout()); // the peer waits for us, or we do not read: it is neither idle nor slow
        } else if (replying && unsentBytes() < unsentBytes) {
            unsentBytes = unsentBytes();
            expectBy(limits.idleTimeout()); // the peer reads slowly, but it reads
        } else if (mode == Mode.REQUESTS && phase != Phase.WAITING) {
            String part = phase == Phase.HEAD ? "headers" : "body";
            phase = Phase.WAITING;
            expectBy(limits.idleTimeout());
            enqueue(new Pending(
                    null,
                    Problem.of(408, "request_timeout", "the " + part + " did not arrive in time"),
                    false,
                    false,
                    false));
        } else {
            channel.close();
        }
    }

    private void linger() {
        mode = Mode.LINGERING;
        queue.clear();
        if (inputEnded || !channel.isActive()) {
            channel.close();
            return;
        }
        expectBy(limits.lingerTimeout());
        channel.config().setAutoRead(true);
        ((DuplexChannel) channel).shutdownOutput();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event != ChannelInputShutdownEvent.INSTANCE) {
            ctx.fireUserEventTriggered(event);
            return;
        }
        inputEnded = true;
        if (mode == Mode.REQUESTS && (assembler.inBody() || phase == Phase.HEAD)) {
            enqueue(new Pending(
                    null, Problem.of(400, "bad_request", "the request was cut short"), false, false, false));
        } else if (mode != Mode.REQUESTS || !answering) {
            channel.close();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (stream != null && channel.isWritable()) {
            stream.source.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        alarm.stop();
        loop.forget(this);
        queue.clear();
        releaseEarly();
        if (stream != null) {
            stream.source.closed();
            stream = null;
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.error("the HTTP side of a connection failed", cause);
        }
        ctx.close();
    }

    private void releaseEarly() {
        early.forEach(ByteBuf::release);
        early.clear();
    }

    @Override
    public void drain(long deadlineNanos) {
        if (stream != null) {
            stream.source.drain();
        } else if (mode == Mode.REQUESTS && phase == Phase.WAITING && !answering) {
            channel.close();
        }
    }

    @Override
    public void abort() {
        channel.close();
    }

    /** The body of a streamed reply. */
    private final class StreamBody implements HttpReply.StreamSink {
        private final HttpReply.StreamSource source;
        private boolean flushAsked;

        StreamBody(HttpReply.StreamSource source) {
            this.source = source;
        }

        @Override
        public void write(byte[] bytes) {
            channel.write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
            if (!flushAsked) {
                flushAsked = true;
                loop.turnEnd().ask(() -> {
                    flushAsked = false;
                    channel.flush();
                });
            }
        }

        @Override
        public boolean writable() {
            return channel.isWritable();
        }

        @Override
        public void end() {
            stream = null;
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(done -> linger());
        }

        @Override
        public void abort() {
            channel.close();
        }
    }
}
