package io.handfast.sim.edge.script;

import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import java.util.Set;

/**
 * What a rule does: the primitives of spec/failure-modes.md. A {@code from} names the side whose bytes are meant, a {@code
 * to} the side that notices. Those marked "frame-aware" do what TCP cannot: in TCP no byte of a stream vanishes while later ones
 * arrive, and none appears; only an intermediary that understands frames can do it.
 */
public sealed interface Action {
    /** Keeps everything from here on back, in order. What arrives meanwhile is early. */
    record Hold(Side from, Until until, Early early) implements Action {}

    /** What happens to units that arrive behind one that is held. */
    enum Early {
        /** They wait in order. */
        BUFFER,
        /** Frame-aware: they vanish. */
        DROP,
        /** The edge resets both sides. */
        RST
    }

    /** The edge reads no more from this side, so that its peer meets a full window. */
    record StopRead(Side from, Until until) implements Action {}

    /** Every byte arrives so much later; the order stays. */
    record Delay(Side from, Span span) implements Action {}

    /**
     * This unit and the next frames leave in one write. TCP does not promise that one write is one read; on one host it
     * nearly always is.
     */
    record Coalesce(int frames, long withinNanos) implements Action {}

    /** Bytes leave in pieces with a pause between them; the pause, not the size, is what keeps TCP from joining them. */
    record Dribble(Side from, int bytes, long everyNanos, long forBytes) implements Action {}

    /** Frame-aware: the unit of the trigger vanishes. */
    record Drop() implements Action {}

    /** Everything from this side is accepted and discarded, its end of stream too. */
    record Blackhole(Side from) implements Action {}

    /** The edge ends its stream to these sides; with both, in order and for good. */
    record Fin(Set<Side> to) implements Action {}

    /** The edge resets its connection to these sides. What the peer had not read yet is lost to it as well. */
    record Rst(Set<Side> to) implements Action {}

    /** Ends the connection once so long nothing came from any of the sides. */
    record IdleKill(long idleNanos, Counting counting, Set<Side> from, How how) implements Action {}

    /** What keeps a connection from being idle. */
    enum Counting {
        /** Every byte, Pings too. */
        BYTES,
        /** Frame-aware: only data frames and HTTP. */
        DATA
    }

    /** Ends the connection so long from now, busy or not. */
    record LifetimeKill(long afterNanos, How how) implements Action {}

    /** Frame-aware: Pings from this side are answered by the edge and not passed on. */
    record AnswerPings(Side from) implements Action {}

    /** Frame-aware: frames of this kind from this side are not passed on. */
    record Eat(Opcode opcode, Side from) implements Action {}

    /** Frame-aware: the edge sends a Close frame of its own, then nothing more, to this side. */
    record Inject(int code, Side to) implements Action {}

    /** The connection goes to another backend; TCP cannot move one that is open, so only before the first byte leaves. */
    record Reroute(String backend) implements Action {}

    /** The backend's process gets SIGTERM, and SIGKILL later. */
    record Terminate(String backend, long killAfterNanos) implements Action {}

    /** Says that this place was reached, and waits there until somebody releases the barrier. */
    record Barrier(String name) implements Action {}

    /** Releases a barrier, for all connections, for good. */
    record Release(String name) implements Action {}

    /** Shows a text. */
    record Remark(String text) implements Action {}
}
