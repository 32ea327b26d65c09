package io.handfast.netty;

import io.handfast.connection.Connection;
import io.handfast.connection.ConnectionSetup;
import io.handfast.netty.frame.FrameReader;
import io.handfast.netty.frame.FrameSink;
import io.handfast.netty.http.Caller;
import io.handfast.netty.loop.Alarm;
import io.handfast.netty.loop.Drainable;
import io.handfast.netty.loop.Loop;
import io.handfast.protocol.CloseCode;
import io.handfast.readiness.ReadinessPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The adapter of one {@link Connection}: bytes, time and answers in, {@linkplain EffectRunner effects} out. Lives on the loop of its
 * channel.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a write or close that fails ends the channel, which is told by channelInactive
final class ConnectionHandler extends ChannelInboundHandlerAdapter implements FrameSink, Drainable, LoopReaders.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHandler.class);

    /** Input that is not parsed yet, because the machine wants none. */
    private record Unparsed(ByteBuf bytes, boolean early) {}

    private final Gateway gateway;
    private final Loop loop;
    private final Channel channel;
    private final Connection machine;
    private final FrameReader reader;
    private final EffectRunner effects;
    private final Alarm alarm;
    private final ArrayDeque<Unparsed> unparsed = new ArrayDeque<>(2);
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>(2);
    private boolean pumping;
    private boolean parsing;
    private boolean inputEnded;
    private long expiryNanos;

    private ConnectionHandler(Gateway gateway, Channel channel, Caller caller, UpgradeRequest request) {
        Gateway.Place place = gateway.place(channel.eventLoop());
        long nowNanos = System.nanoTime();
        Instant wallClock = Instant.now();
        ReadinessPolicy readiness = gateway.services().readiness().apply(caller.userId());
        ConnectionSetup setup = new ConnectionSetup(
                place.loop().random().nextId(),
                caller.userId(),
                request.tier(),
                request.subscription(),
                readiness,
                gateway.config().limits(),
                place.loop().random()::nextLong,
                wallClock.getEpochSecond() * 1_000_000 + wallClock.getNano() / 1_000);
        this.gateway = gateway;
        this.loop = place.loop();
        this.channel = channel;
        this.machine = new Connection(setup, nowNanos);
        this.reader = new FrameReader(gateway.config().maxMessageBytes(), this);
        this.effects = new EffectRunner(gateway, place, channel, this, setup, request.traceparent());
        this.alarm = new Alarm(loop.executor(), this::timeUp);
        Instant expiresAt = caller.expiresAt();
        this.expiryNanos = expiresAt == null
                ? Alarm.NEVER
                : nowNanos + Duration.between(wallClock, expiresAt).toNanos();
    }

    /**
     * Makes a channel a WebSocket. On its loop.
     *
     * @param written the write of the 101
     * @param early what arrived before it; owned by the connection from now on
     */
    static void takeOver(
            Gateway gateway,
            Channel channel,
            Caller caller,
            UpgradeRequest request,
            ChannelFuture written,
            List<ByteBuf> early) {
        ConnectionHandler handler = new ConnectionHandler(gateway, channel, caller, request);
        early.forEach(bytes -> handler.unparsed.add(new Unparsed(bytes, true)));
        channel.pipeline().addLast(handler);
        handler.begin(written);
    }

    private void begin(ChannelFuture written) {
        loop.remember(this);
        machine.accepted(System.nanoTime());
        written.addListener(done -> {
            if (done.isSuccess()) {
                input(() -> machine.upgradeWritten(System.nanoTime()));
            } else {
                failed(done.cause());
            }
        });
        effects.flushAtTurnEnd();
        pump();
        parse();
        if (gateway.leaveByNanos() != Alarm.NEVER) {
            drain(gateway.leaveByNanos()); // decided before the drain, open after it
        }
    }

    // ---- the pump

    /** Gives the machine an input and does what it asks for then; an input within another's effects waits for its turn. */
    void input(Runnable input) {
        if (pumping) {
            inbox.add(input);
        } else {
            input.run();
            pump();
        }
    }

    Connection machine() {
        return machine;
    }

    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            Runnable waiting;
            do {
                effects.drain(machine);
                waiting = inbox.poll();
                if (waiting != null) {
                    waiting.run();
                }
            } while (waiting != null);
        } catch (RuntimeException | Error e) {
            broken(e);
        } finally {
            pumping = false;
        }
        settle();
    }

    /** An effect was not carried out, so what the machine believes to have sent may be missing: only the end is right. */
    private void broken(Throwable defect) {
        LOG.atError()
                .addKeyValue("connection", effects.connectionId())
                .setCause(defect)
                .log("an effect failed");
        inbox.clear();
        channel.close();
    }

    private void settle() {
        long machineNanos = machine.nextDeadlineNanos();
        boolean machineFirst =
                expiryNanos == Alarm.NEVER || (machineNanos != Alarm.NEVER && machineNanos - expiryNanos < 0);
        alarm.due(machineFirst ? machineNanos : expiryNanos, System.nanoTime());
        boolean wantsInput = machine.wantsInput();
        if (channel.config().isAutoRead() != wantsInput) {
            channel.config().setAutoRead(wantsInput);
        }
        if (wantsInput && !unparsed.isEmpty()) {
            parse();
        }
    }

    private void timeUp() {
        long nowNanos = System.nanoTime();
        if (expiryNanos != Alarm.NEVER && expiryNanos - nowNanos <= 0) {
            expiryNanos = Alarm.NEVER;
            input(() -> machine.unauthorized("the credential has expired", nowNanos));
        }
        input(() -> machine.tick(nowNanos));
    }

    // ---- input

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        unparsed.add(new Unparsed((ByteBuf) msg, false));
        machine.bytesRead(System.nanoTime());
        pump();
        parse();
    }

    /** Parses one frame after the other, as long as the machine wants more. */
    private void parse() {
        if (parsing || pumping) {
            return;
        }
        parsing = true;
        try {
            while (machine.wantsInput()) {
                Unparsed next = unparsed.peek();
                if (next == null) {
                    break;
                }
                reader.read(next.bytes(), next.early());
                if (!next.bytes().isReadable()) {
                    unparsed.remove();
                    next.bytes().release();
                }
            }
        } finally {
            parsing = false;
        }
        if (inputEnded && unparsed.isEmpty()) {
            inputEnded = false;
            input(() -> machine.peerGone(null, System.nanoTime()));
        }
    }

    @Override
    public void text(byte[] message, boolean early) {
        machine.text(message, early, System.nanoTime());
        pump();
    }

    @Override
    public void ping(byte[] payload) {
        machine.ping(payload, System.nanoTime());
        pump();
    }

    @Override
    public void pong(byte[] payload) {
        machine.pong(payload, System.nanoTime());
        pump();
    }

    @Override
    public void close(int code, String reason) {
        machine.peerClose(code, reason, System.nanoTime());
        pump();
    }

    @Override
    public void violation(CloseCode code, String detail) {
        effects.endOutputBehindClose();
        machine.violation(code, detail, System.nanoTime());
        pump();
    }

    @Override
    public void headMoved(String threadId) {
        machine.headMoved(threadId, System.nanoTime());
        pump();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        boolean writable = channel.isWritable();
        input(() -> machine.writable(writable, System.nanoTime()));
    }

    /** A batch of output has left for the kernel. */
    void written(ChannelFuture done) {
        if (done.isSuccess()) {
            input(() -> machine.written(System.nanoTime()));
        } else {
            failed(done.cause());
        }
    }

    /** A part of a large batch has left for the kernel. */
    void progressed() {
        input(() -> machine.progressed(System.nanoTime()));
    }

    // ---- the end

    /** The peer sends no more, but may still read: what it sent before is handled first. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            parse();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.atError()
                    .addKeyValue("connection", effects.connectionId())
                    .setCause(cause)
                    .log("an input failed");
        }
        failed(cause);
        ctx.close();
    }

    private void failed(Throwable cause) {
        String message = cause.getMessage();
        String failure = message == null ? cause.getClass().getSimpleName() : message;
        input(() -> machine.peerGone(failure, System.nanoTime()));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        input(() -> machine.peerGone(null, System.nanoTime()));
        expiryNanos = Alarm.NEVER; // an answer that comes later arms nothing any more
        alarm.stop();
        loop.forget(this);
        effects.release();
        unparsed.forEach(piece -> piece.bytes().release());
        unparsed.clear();
    }

    @Override
    public void drain(long deadlineNanos) {
        long spreadMillis = Math.max(1, gateway.config().reconnectAfter().toMillis());
        long afterMillis = Math.floorMod(loop.random().nextLong(), spreadMillis);
        input(() -> machine.drain(afterMillis, deadlineNanos, System.nanoTime()));
    }

    @Override
    public void abort() {
        channel.close();
    }
}
