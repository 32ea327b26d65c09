package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Trigger.Moment;
import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Scanner;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What arrives from one side: it is told apart, shown to the rules, and put on the lane to the other side or dropped. */
final class Inlet implements Scanner.Sink {
    /** A frame of the edge's own that waits for the end of another. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    private record Insertion(byte[] frame, boolean last) {}

    private final Side from;
    private final Link link;
    private final Lane lane;
    private final boolean byUnits;
    private final Scanner scanner;
    private final Set<Opcode> eaten = EnumSet.noneOf(Opcode.class);
    private final ArrayDeque<Insertion> insertions = new ArrayDeque<>();
    private Unit unit = new Unit.Opaque();
    private long nowNanos;
    private long receivedBytes;
    private boolean dropUnit;
    private boolean answerPings;
    private boolean blackhole;
    private boolean ended;
    private boolean closed;
    private @Nullable Latch reading;

    Inlet(Side from, Link link, Lane lane, boolean byUnits) {
        this.from = from;
        this.link = link;
        this.lane = lane;
        this.byUnits = byUnits;
        this.scanner = new Scanner(from);
    }

    void bytes(byte[] source, int offset, int length, long now) {
        nowNanos = now;
        receivedBytes += length;
        link.pulse().bytes(from, now);
        scanner.feed(source, offset, length, this);
        if (!byUnits) {
            pass(source, offset, length);
        }
    }

    /** The end of the stream, unless a rule has dropped it. */
    void fin(boolean dropped, long now) {
        nowNanos = now;
        ended = true;
        scanner.giveUp(this);
        if (dropped) {
            blackhole = true;
        } else if (!blackhole) {
            lane.end(now);
        }
    }

    /** The side is gone, or nothing of it is wanted any more. */
    void ended() {
        ended = true;
    }

    /** From now on what comes is opaque: the upgrade was refused. */
    void giveUp() {
        scanner.giveUp(this);
    }

    @Override
    public void begin(Unit next) {
        unit = next;
        dropUnit = false;
        if (next instanceof Unit.Frame frame) {
            link.director().tally().count(from, frame.opcode());
            if (byUnits && link.director().early(from, nowNanos)) {
                dropUnit = true;
                return;
            }
        }
        if (byUnits && !link.isOver()) {
            link.director().unit(from, next, Moment.ON, nowNanos);
            if (next instanceof Unit.Frame frame) {
                swallow(frame);
            }
        }
    }

    private void swallow(Unit.Frame frame) {
        if (frame.opcode() == Opcode.PING && answerPings) {
            dropUnit = true;
            byte[] pong =
                    Frames.pong(from.other(), frame.payload(), link.random().nextInt());
            link.inlet(from.other()).insert(pong, false, nowNanos);
            link.note(0, "answered a ping from " + from);
        } else if (eaten.contains(frame.opcode())) {
            dropUnit = true;
            link.note(0, "ate a " + frame.opcode() + " from " + from);
        }
    }

    @Override
    public void bytes(byte[] source, int offset, int length) {
        if (!(unit instanceof Unit.Frame frame) || frame.opcode().isData()) {
            link.pulse().data(from, nowNanos);
        }
        if (byUnits && !dropUnit) {
            pass(source, offset, length);
        }
    }

    @Override
    public void end() {
        if (unit instanceof Unit.Response response && (response.status() < 100 || response.status() >= 200)) {
            link.inlet(from.other()).giveUp();
        }
        if (!byUnits || link.isOver()) {
            return;
        }
        link.director().unit(from, unit, Moment.AFTER, nowNanos);
        while (!insertions.isEmpty()) {
            insertNow(insertions.remove());
        }
    }

    private void pass(byte[] source, int offset, int length) {
        if (!blackhole && !closed) {
            lane.push(source, offset, length, nowNanos);
        }
    }

    /**
     * Puts a frame of the edge's own in, between two others.
     *
     * @param last whether nothing follows it
     */
    void insert(byte[] frame, boolean last, long now) {
        if (scanner.betweenFrames()) {
            nowNanos = now;
            insertNow(new Insertion(frame, last));
        } else if (scanner.inFrames()) {
            insertions.add(new Insertion(frame, last));
        } else {
            link.note(0, "no frame can be sent to " + from.other() + ": it is not upgraded");
        }
    }

    private void insertNow(Insertion insertion) {
        pass(insertion.frame(), 0, insertion.frame().length);
        closed |= insertion.last();
    }

    void drop() {
        dropUnit = true;
    }

    void eat(Opcode opcode) {
        eaten.add(opcode);
    }

    void answerPings() {
        answerPings = true;
    }

    void blackhole() {
        blackhole = true;
    }

    void readAgain(Latch latch) {
        reading = latch;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the other side will never hear of this side's end. */
    boolean isMute() {
        return blackhole;
    }

    /** Opens the latch whose time has come. */
    void openReading(long now) {
        if (reading != null && reading.isOpen(now)) {
            reading = null;
        }
    }

    boolean reads() {
        return !ended && reading == null;
    }

    /** When time lets it read again; {@link Long#MAX_VALUE} for never, and when it reads. */
    long readsAgainNanos() {
        return reading == null ? Long.MAX_VALUE : reading.opensNanos();
    }
}
