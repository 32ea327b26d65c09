package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Rule;
import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.script.Span;
import io.handfast.sim.edge.wire.Side;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection through the edge, as a pure machine: inputs are method calls with the time as a parameter, outputs are
 * {@linkplain #poll() effects}. It knows no thread, clock or socket, and never throws at its adapter. The TCP proxy drives it, and so
 * can a world in memory.
 *
 * <p>Duties of an adapter:
 *
 * <ol>
 *   <li>Call all methods from one thread.
 *   <li>After every input drain {@link #poll()} until it is null and carry the effects out in order.
 *   <li>Call {@link #tick} when {@link #nextDeadlineNanos()} has come; it may change after every input.
 *   <li>Read from a side only while {@link #wantsInput} says so; it may change after every input. This is how back-pressure
 *       passes through: at most {@value #QUEUED_BYTES_MAX} bytes and one read wait in each direction.
 *   <li>Report with {@link #writable} when a side takes no more output, and when it does again.
 * </ol>
 *
 * <p>All times are nanoseconds of one monotonic clock that does not wrap during the link's life.
 */
public final class Link {
    /** Where reading from a side pauses: what waits on the way to the other side, in bytes. */
    public static final int QUEUED_BYTES_MAX = 256 * 1024;

    /** How long a link that the edge itself has ended waits for both sides to end as well. */
    static final long LINGER_NANOS = 2_000_000_000L;

    private record Timer(long dueNanos, long order, LongConsumer task) {}

    private final ArrayDeque<Effect> effects = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::order));
    private final SplittableRandom random;
    private final Pulse pulse;
    private final Lane toClient;
    private final Lane toServer;
    private final Inlet fromClient;
    private final Inlet fromServer;
    private final Director director;
    private String backend;
    private String ending = "";
    private boolean dialled;
    private boolean closing;
    private long lingersUntilNanos;
    private boolean over;
    private long timersSet;

    /**
     * A client has connected.
     *
     * @param connection its number, from 1
     * @param seed decides everything that the script leaves to chance, together with the number
     * @param backend the name of the backend that is dialled unless the script says otherwise
     */
    public Link(Script script, long connection, long seed, String backend, long nowNanos) {
        this.random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + connection);
        this.backend = backend;
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : script.rules()) {
            if (rule.selector().selects(connection, random)) {
                rules.add(rule);
            }
        }
        boolean byUnits = Demands.units(rules);
        this.pulse = new Pulse(nowNanos);
        this.toClient = new Lane(Side.CLIENT, true, random, this::emit);
        this.toServer = new Lane(Side.SERVER, false, random, this::emit);
        this.fromClient = new Inlet(Side.CLIENT, this, toServer, byUnits);
        this.fromServer = new Inlet(Side.SERVER, this, toClient, byUnits);
        this.director = new Director(this, rules);
        director.opened(nowNanos);
        if (!Demands.lateDial(rules)) {
            dial();
        }
        settle(nowNanos);
    }

    // ---- inputs

    /** The backend is connected. */
    public void dialed(long nowNanos) {
        writable(Side.SERVER, true, nowNanos);
    }

    /** The backend cannot be reached: the client is reset, as a load balancer without backends does to a TCP connection. */
    public void dialFailed(String reason, long nowNanos) {
        if (!over) {
            note(0, "backend " + backend + " cannot be reached: " + reason);
            emit(new Effect.Reset(Side.CLIENT));
            finish("no backend");
        }
    }

    /** Bytes arrived; the link keeps the array. */
    public void bytes(Side from, byte[] source, int offset, int length, long nowNanos) {
        int at = offset;
        int end = offset + length;
        while (at < end && !over && !closing && !inlet(from).isEnded()) {
            long received = inlet(from).receivedBytes();
            long next = director.nextByteTrigger(from, received);
            int piece = (int) Math.min(end - at, next - received);
            inlet(from).bytes(source, at, piece, nowNanos);
            at += piece;
            if (received + piece == next && !over) {
                director.received(from, next, nowNanos);
            }
            dialForInput(from);
        }
        settle(nowNanos);
    }

    /** A side has ended its stream. */
    public void fin(Side from, long nowNanos) {
        if (over || inlet(from).isEnded()) {
            return;
        }
        note(0, from + " ended its stream");
        if (closing) {
            inlet(from).ended();
        } else {
            boolean dropped = director.fin(from, nowNanos);
            if (!over && !closing) {
                inlet(from).fin(dropped, nowNanos);
            } else {
                inlet(from).ended();
            }
            dialForInput(from);
        }
        settle(nowNanos);
    }

    /** The connection to a side was reset or has failed. The other side is reset too, unless a rule keeps it in the dark. */
    public void rst(Side from, long nowNanos) {
        if (over) {
            return;
        }
        note(0, from + " reset its connection");
        inlet(from).ended();
        lane(from).discard();
        if (closing || inlet(from).isMute()) {
            settle(nowNanos);
            return;
        }
        emit(new Effect.Reset(from.other()));
        finish(from + " reset");
    }

    /** A side takes output, or does not any more. */
    public void writable(Side to, boolean writable, long nowNanos) {
        lane(to).writable(writable);
        settle(nowNanos);
    }

    /** A barrier was released. */
    public void released(String barrier, long nowNanos) {
        director.released(barrier);
        settle(nowNanos);
    }

    /** From now on no rule acts; what acts already, a hold or an idle time-out, goes on to its end. */
    public void calm() {
        director.calm();
    }

    /** The edge is shutting down: both sides are reset. */
    public void abort(long nowNanos) {
        if (!over) {
            reset("edge closed");
        }
    }

    /** The time is now; does whatever is due. */
    public void tick(long nowNanos) {
        for (Timer timer = timers.peek();
                timer != null && timer.dueNanos() <= nowNanos && !over;
                timer = timers.peek()) {
            timers.remove();
            if (!closing) {
                timer.task().accept(nowNanos);
            }
        }
        Pulse.Limit limit = over || closing ? null : pulse.exceeded(nowNanos);
        if (limit != null && !isSilent()) {
            String idle = Span.show(limit.kill().idleNanos());
            director.kill(limit.line(), limit.kill().how(), "idle for " + idle, nowNanos);
        }
        settle(nowNanos);
    }

    // ---- outputs

    /** The next effect, or null when there is nothing more to do. */
    public @Nullable Effect poll() {
        return effects.poll();
    }

    /** When {@link #tick} is due; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        if (over) {
            return Long.MAX_VALUE;
        }
        long deadline = Math.min(toClient.deadlineNanos(), toServer.deadlineNanos());
        if (closing) {
            return Math.min(deadline, lingersUntilNanos);
        }
        deadline = Math.min(deadline, isSilent() ? Long.MAX_VALUE : pulse.deadlineNanos());
        deadline = Math.min(deadline, Math.min(fromClient.readsAgainNanos(), fromServer.readsAgainNanos()));
        Timer timer = timers.peek();
        return timer == null ? deadline : Math.min(deadline, timer.dueNanos());
    }

    /** Whether the adapter may read from this side. */
    public boolean wantsInput(Side from) {
        return !over && inlet(from).reads() && (closing || lane(from.other()).queuedBytes() < QUEUED_BYTES_MAX);
    }

    /** Whether the link is over: {@link Effect.Done} was the last effect. */
    public boolean isOver() {
        return over;
    }

    /** Why it is over, in a few words; empty while it is not. */
    public String ending() {
        return ending;
    }

    /** What went through so far. */
    public Totals totals() {
        return new Totals(
                fromClient.receivedBytes(), toServer.sentBytes(), fromServer.receivedBytes(), toClient.sentBytes());
    }

    // ---- for its parts

    Lane lane(Side to) {
        return to == Side.CLIENT ? toClient : toServer;
    }

    Inlet inlet(Side from) {
        return from == Side.CLIENT ? fromClient : fromServer;
    }

    Director director() {
        return director;
    }

    Pulse pulse() {
        return pulse;
    }

    SplittableRandom random() {
        return random;
    }

    void emit(Effect effect) {
        effects.add(effect);
    }

    void note(int line, String text) {
        emit(new Effect.Note(line, text));
    }

    void at(long dueNanos, LongConsumer task) {
        timers.add(new Timer(dueNanos, timersSet++, task));
    }

    void reroute(String name) {
        if (!dialled) {
            backend = name;
        }
    }

    void resetOne(Side side) {
        emit(new Effect.Reset(side));
        inlet(side).blackhole();
        inlet(side).ended();
        lane(side).discard();
    }

    void reset(String why) {
        emit(new Effect.Reset(Side.CLIENT));
        emit(new Effect.Reset(Side.SERVER));
        finish(why);
    }

    /** Ends both streams in order; what is held back is lost. */
    void close(String why, long nowNanos) {
        closing = true;
        ending = why;
        lingersUntilNanos = nowNanos + LINGER_NANOS;
        for (Side side : Side.values()) {
            lane(side).cut(nowNanos);
            lane(side).end(nowNanos);
        }
    }

    private void dial() {
        if (!dialled && !over) {
            dialled = true;
            emit(new Effect.Dial(backend));
        }
    }

    private void dialForInput(Side from) {
        if (from == Side.CLIENT && toServer.hasQueued()) {
            dial();
        }
    }

    /** Nothing from either side matters any more. */
    private boolean isSilent() {
        return fromClient.isMute() && fromServer.isMute();
    }

    private void finish(String why) {
        over = true;
        ending = why;
        emit(new Effect.Done());
    }

    private void settle(long nowNanos) {
        if (over) {
            return;
        }
        fromClient.openReading(nowNanos);
        fromServer.openReading(nowNanos);
        toClient.flush(nowNanos);
        toServer.flush(nowNanos);
        boolean ended = fromClient.isEnded() && fromServer.isEnded();
        if (closing && (nowNanos >= lingersUntilNanos || (ended && toClient.isFinished() && toServer.isFinished()))) {
            finish(ending);
        } else if (ended && !closing && isSettled(fromClient, toServer) && isSettled(fromServer, toClient)) {
            finish("both ended");
        }
    }

    private static boolean isSettled(Inlet inlet, Lane lane) {
        return lane.isFinished() || inlet.isMute();
    }
}
