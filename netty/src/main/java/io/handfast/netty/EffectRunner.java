package io.handfast.netty;

import io.handfast.connection.CloseCause;
import io.handfast.connection.Coalescing;
import io.handfast.connection.Connection;
import io.handfast.connection.ConnectionSetup;
import io.handfast.connection.Effect;
import io.handfast.log.Entry;
import io.handfast.log.Slice;
import io.handfast.log.ThreadLog;
import io.handfast.netty.frame.FrameWriter;
import io.handfast.netty.http.Stages;
import io.handfast.run.Conversations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.ChannelProgressivePromise;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what a machine asks for. Output is gathered and leaves once at the end of the loop's turn; what passes the low-water
 * mark leaves at once, so that the socket and not the log decides how far a cursor runs ahead.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a write or close that fails ends the channel, which is told by channelInactive
final class EffectRunner {
    /** Events that one connection may take in one turn before the others have theirs. */
    private static final long MAX_BYTES_A_TURN = 256 * 1024;

    private final Gateway gateway;
    private final Gateway.Place place;
    private final Channel channel;
    private final ConnectionHandler handler;
    private final ConnectionSetup setup;
    private final @Nullable String traceparent;
    private final ConnectionJournal journal;
    private final FrameWriter writer;
    private final Runnable turnEnd = this::turnEnd;
    private final ChannelFutureListener written;
    private final ChannelProgressiveFutureListener progress;
    private final Set<String> watched = new HashSet<>(2);
    private boolean turnEndAsked;
    private boolean flushWanted;
    private boolean endOutput;
    private long bytesThisTurn;

    EffectRunner(
            Gateway gateway,
            Gateway.Place place,
            Channel channel,
            ConnectionHandler handler,
            ConnectionSetup setup,
            @Nullable String traceparent) {
        this.gateway = gateway;
        this.place = place;
        this.channel = channel;
        this.handler = handler;
        this.setup = setup;
        this.traceparent = traceparent;
        this.journal = new ConnectionJournal(gateway.services().metrics(), setup);
        this.writer = new FrameWriter(channel.alloc());
        this.written = handler::written;
        this.progress = new ChannelProgressiveFutureListener() {
            @Override
            public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
                handler.progressed();
            }

            @Override
            public void operationComplete(ChannelProgressiveFuture future) {
                // Told by the other listener.
            }
        };
    }

    String connectionId() {
        return setup.connectionId();
    }

    /** Carries out whatever the machine asks for now. */
    void drain(Connection machine) {
        for (Effect effect = machine.poll(); effect != null; effect = machine.poll()) {
            carryOut(effect);
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.SendEntries send) {
            entries(send);
        } else if (effect instanceof Effect.SendText send) {
            writer.text(send.json());
            gathered();
        } else if (effect instanceof Effect.SendPing send) {
            writer.ping(send.payload());
            gathered();
        } else if (effect instanceof Effect.SendPong send) {
            writer.pong(send.payload());
            gathered();
        } else if (effect instanceof Effect.SendClose send) {
            writer.close(send.code(), send.reason());
            leave();
            if (endOutput) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(done -> ((DuplexChannel) channel).shutdownOutput());
            }
        } else if (effect instanceof Effect.CloseTransport close) {
            closeTransport(close.abort());
        } else if (effect instanceof Effect.Read read) {
            read(read);
        } else if (effect instanceof Effect.WatchThread watch) {
            if (watched.add(watch.threadId())) {
                place.readers().add(watch.threadId(), handler);
            }
        } else if (effect instanceof Effect.UnwatchThread unwatch) {
            if (watched.remove(unwatch.threadId())) {
                place.readers().remove(unwatch.threadId(), handler);
            }
        } else if (effect instanceof Effect.Observed observed) {
            journal.observed(observed.observation());
        } else {
            request(effect);
        }
    }

    /** The effects that somebody else answers. */
    private void request(Effect effect) {
        Connection machine = handler.machine();
        ThreadLog log = gateway.services().log();
        Conversations conversations = gateway.services().conversations();
        String user = setup.userId();
        if (effect instanceof Effect.Claim claim) {
            answer(
                    log.claim(claim.threadId(), user),
                    outcome -> machine.claimed(claim.threadId(), outcome, System.nanoTime()));
        } else if (effect instanceof Effect.PostMessage post) {
            String threadId = post.message().threadId();
            String messageId = post.message().messageId();
            answer(
                    conversations.post(user, post.message().traced(traceparent)),
                    outcome -> machine.posted(threadId, messageId, outcome, System.nanoTime()));
        } else if (effect instanceof Effect.CancelRun cancel) {
            answer(
                    conversations.cancel(user, cancel.threadId(), cancel.run()),
                    outcome -> machine.cancelled(cancel.threadId(), cancel.run(), outcome, System.nanoTime()));
        } else {
            throw new IllegalStateException("an effect that nobody carries out: " + effect);
        }
    }

    private <T> void answer(CompletionStage<T> stage, Consumer<T> input) {
        Stages.onLoop(place.loop().executor(), stage, value -> handler.input(() -> input.accept(value)));
    }

    private void read(Effect.Read read) {
        ThreadLog log = gateway.services().log();
        Slice slice = log.tail(read.threadId(), read.after(), read.maxBytes());
        if (slice instanceof Slice.Behind) {
            answer(
                    log.load(read.threadId(), read.after(), read.maxBytes()),
                    loaded -> handler.machine().read(read.threadId(), loaded, System.nanoTime()));
            return;
        }
        Runnable input = () -> handler.machine().read(read.threadId(), slice, System.nanoTime());
        if (bytesThisTurn < MAX_BYTES_A_TURN) {
            handler.input(input);
        } else {
            place.loop().executor().execute(() -> handler.input(input));
        }
    }

    private void entries(Effect.SendEntries send) {
        List<Entry> entries = send.entries();
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.json().length;
        }
        bytesThisTurn += bytes;
        if (entries.size() > 1 && gateway.config().coalescing()) {
            coalesced(entries.size(), Coalescing.frames(send.threadId(), entries));
        } else {
            writer.expect(entries.size(), bytes);
            for (Entry entry : entries) {
                writer.text(entry.json());
            }
            gateway.services().metrics().eventsSent(entries.size(), entries.size(), bytes);
        }
        gathered();
    }

    private void coalesced(int events, List<byte[]> frames) {
        long bytes = 0;
        for (byte[] frame : frames) {
            bytes += frame.length;
        }
        writer.expect(frames.size(), bytes);
        for (byte[] frame : frames) {
            writer.text(frame);
        }
        gateway.services().metrics().eventsSent(events, frames.size(), bytes);
    }

    // ---- output

    private void gathered() {
        if (writer.gatheredBytes() >= gateway.config().sockets().lowWater()) {
            leave();
        }
        askForTurnEnd();
    }

    /** Makes what was written to the channel by others, the 101, leave with the first frames. */
    void flushAtTurnEnd() {
        flushWanted = true;
        askForTurnEnd();
    }

    /**
     * Behind a violation no frame of the peer is understood any more, its Close neither. So our end of stream follows our Close, and
     * the peer's tells that it has read both; input is discarded until then (F18).
     */
    void endOutputBehindClose() {
        endOutput = true;
    }

    private void askForTurnEnd() {
        if (!turnEndAsked) {
            turnEndAsked = true;
            place.loop().turnEnd().ask(turnEnd);
        }
    }

    private void turnEnd() {
        turnEndAsked = false;
        bytesThisTurn = 0;
        leave();
    }

    private void leave() {
        ByteBuf batch = writer.take();
        if (batch != null) {
            channel.writeAndFlush(batch, promise(batch.readableBytes())).addListener(written);
        } else if (flushWanted) {
            channel.flush();
        }
        flushWanted = false;
    }

    /** A batch that may take long to leave reports its progress, so that a slow peer is not taken for one that stands still. */
    private ChannelPromise promise(int bytes) {
        if (bytes <= gateway.config().sockets().lowWater()) {
            return channel.newPromise();
        }
        ChannelProgressivePromise promise = channel.newProgressivePromise();
        promise.addListener(progress);
        return promise;
    }

    private void closeTransport(boolean abort) {
        if (abort) {
            boolean nobodyThere = handler.machine()
                    .closeCause()
                    .filter(cause -> cause.who() == CloseCause.Who.NETWORK)
                    .isPresent();
            // A write that failed has closed the channel already, and then there is nothing left to set.
            if (nobodyThere && channel.isOpen()) {
                // The kernel would keep what it has for a peer that is gone until its own time-outs, minutes later.
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            channel.close();
        } else {
            leave();
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            // A peer that has said goodbye and reads no more would hold what is written for ever.
            Future<?> late = place.loop()
                    .executor()
                    .schedule(
                            () -> channel.close(), setup.limits().closeTimeout().toNanos(), TimeUnit.NANOSECONDS);
            channel.closeFuture().addListener(closed -> late.cancel(false));
        }
    }

    /** The transport is gone. */
    void release() {
        for (String threadId : watched) {
            place.readers().remove(threadId, handler);
        }
        watched.clear();
        ByteBuf batch = writer.take();
        if (batch != null) {
            batch.release();
        }
    }
}
