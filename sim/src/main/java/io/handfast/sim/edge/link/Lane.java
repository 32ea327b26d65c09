package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Action;
import io.handfast.sim.edge.script.Span;
import io.handfast.sim.edge.wire.Side;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is on its way to one side, in order, and what keeps it from arriving: gates, delays, pauses, a full socket. */
final class Lane {
    private sealed interface Item {}

    private record Parcel(ByteBuffer bytes, long dueNanos) implements Item {}

    private record Gate(Latch latch, int line, long sinceNanos) implements Item {}

    private record Pace(Action.Dribble dribble) implements Item {}

    private record End(long dueNanos) implements Item {}

    private final Side to;
    private final Consumer<Effect> out;
    private final SplittableRandom random;
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private @Nullable Span delay;
    private Action.@Nullable Dribble pace;
    private long paceNanos = Long.MIN_VALUE;
    private long paceBytesLeft;
    private long latestDueNanos = Long.MIN_VALUE;
    private long deadlineNanos = Long.MAX_VALUE;
    private long queuedBytes;
    private long sentBytes;
    private boolean writable;
    private boolean ended;
    private boolean finished;

    Lane(Side to, boolean writable, SplittableRandom random, Consumer<Effect> out) {
        this.to = to;
        this.writable = writable;
        this.random = random;
        this.out = out;
    }

    void writable(boolean value) {
        writable = value;
    }

    void delay(Span span) {
        delay = span;
    }

    /** Puts bytes behind everything else; nothing follows the end. */
    void push(byte[] source, int offset, int length, long nowNanos) {
        if (ended || length == 0) {
            return;
        }
        queue.add(new Parcel(ByteBuffer.wrap(source, offset, length), due(nowNanos)));
        queuedBytes += length;
    }

    /** Whatever is pushed from here on waits for the latch. */
    void gate(Latch latch, int line, long nowNanos) {
        queue.add(new Gate(latch, line, nowNanos));
    }

    /** Whatever is pushed from here on leaves in pieces. */
    void pace(Action.Dribble dribble) {
        queue.add(new Pace(dribble));
    }

    /** Ends the stream behind everything that is queued. */
    void end(long nowNanos) {
        if (!ended) {
            ended = true;
            queue.add(new End(due(nowNanos)));
        }
    }

    /**
     * What is held back is lost; what is merely delayed is not.
     *
     * @return whether anything was
     */
    boolean cut(long nowNanos) {
        boolean held = false;
        boolean lost = false;
        for (Iterator<Item> items = queue.iterator(); items.hasNext(); ) {
            Item item = items.next();
            held |= item instanceof Gate gate && !gate.latch().isOpen(nowNanos);
            if (held) {
                if (item instanceof Parcel parcel) {
                    lost = true;
                    queuedBytes -= parcel.bytes().remaining();
                } else if (item instanceof End) {
                    ended = false;
                }
                items.remove();
            }
        }
        return lost;
    }

    /** The side is gone: nothing reaches it any more. */
    void discard() {
        queue.clear();
        queuedBytes = 0;
        ended = true;
        finished = true;
        deadlineNanos = Long.MAX_VALUE;
    }

    /** Emits whatever may leave now. */
    void flush(long nowNanos) {
        deadlineNanos = Long.MAX_VALUE;
        List<ByteBuffer> together = new ArrayList<>();
        Item item = queue.peek();
        while (item != null && writable && leaves(item, together, nowNanos)) {
            if (!(item instanceof Parcel parcel && parcel.bytes().hasRemaining())) {
                queue.remove();
            }
            item = queue.peek();
        }
        send(together);
    }

    /** Whether the first item has left or, of a parcel under a pace, a piece of it; if not, it says when it will. */
    private boolean leaves(Item item, List<ByteBuffer> together, long nowNanos) {
        if (item instanceof Gate gate) {
            return opens(gate, nowNanos);
        }
        if (item instanceof Pace start) {
            pace = start.dribble();
            paceBytesLeft = start.dribble().forBytes();
            return true;
        }
        long dueNanos = item instanceof Parcel parcel ? parcel.dueNanos() : ((End) item).dueNanos();
        if (dueNanos > nowNanos) {
            deadlineNanos = dueNanos;
            return false;
        }
        if (item instanceof Parcel parcel) {
            if (nowNanos < paceNanos) {
                deadlineNanos = paceNanos;
                return false;
            }
            send(parcel, together, nowNanos);
            return true;
        }
        send(together);
        finished = true;
        out.accept(new Effect.Finish(to));
        return true;
    }

    private boolean opens(Gate gate, long nowNanos) {
        if (!gate.latch().isOpen(nowNanos)) {
            deadlineNanos = gate.latch().opensNanos();
            return false;
        }
        if (gate.line() > 0) {
            String waited = Span.show(nowNanos - gate.sinceNanos());
            out.accept(new Effect.Note(
                    gate.line(), "let go to " + to + " after " + waited + ": " + queuedBytes + " bytes"));
        }
        return true;
    }

    private void send(Parcel parcel, List<ByteBuffer> together, long nowNanos) {
        int remaining = parcel.bytes().remaining();
        if (pace == null) {
            together.add(take(parcel.bytes(), remaining));
            return;
        }
        send(together);
        int length = (int) Math.min(Math.min(pace.bytes(), paceBytesLeft), remaining);
        emit(take(parcel.bytes(), length));
        paceNanos = nowNanos + pace.everyNanos();
        paceBytesLeft -= length;
        if (paceBytesLeft == 0) {
            pace = null;
        }
    }

    private ByteBuffer take(ByteBuffer bytes, int length) {
        ByteBuffer taken = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        queuedBytes -= length;
        return taken;
    }

    private void send(List<ByteBuffer> together) {
        if (together.size() == 1) {
            emit(together.get(0));
        } else if (!together.isEmpty()) {
            ByteBuffer bytes = ByteBuffer.allocate(
                    together.stream().mapToInt(ByteBuffer::remaining).sum());
            together.forEach(bytes::put);
            emit(bytes.flip());
        }
        together.clear();
    }

    private void emit(ByteBuffer bytes) {
        sentBytes += bytes.remaining();
        out.accept(new Effect.Forward(to, bytes));
    }

    private long due(long nowNanos) {
        if (delay != null) {
            latestDueNanos = Math.max(latestDueNanos, nowNanos + delay.draw(random));
        }
        return latestDueNanos;
    }

    /** When {@link #flush} has something to do without a further input; {@link Long#MAX_VALUE} for never. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    boolean hasQueued() {
        return !queue.isEmpty();
    }

    long queuedBytes() {
        return queuedBytes;
    }

    long sentBytes() {
        return sentBytes;
    }

    /** Whether nothing will ever leave any more. */
    boolean isFinished() {
        return finished || (queue.peek() instanceof Gate gate && gate.latch().neverOpens());
    }
}
