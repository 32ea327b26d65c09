package io.handfast.sim.edge.link;

import io.handfast.sim.edge.wire.Side;
import java.nio.ByteBuffer;

/** What a link asks of its adapter, in order. */
public sealed interface Effect {
    /** Connect to this backend; answer {@link Link#dialed} or {@link Link#dialFailed}. */
    record Dial(String backend) implements Effect {}

    /** Write these bytes, in one write. They are not changed any more. */
    record Forward(Side to, ByteBuffer bytes) implements Effect {}

    /** End the stream to this side, behind what was forwarded. */
    record Finish(Side to) implements Effect {}

    /** Reset the connection to this side, at once. */
    record Reset(Side to) implements Effect {}

    /** Send SIGTERM to the process of this backend, and SIGKILL so long after it, whatever becomes of the link. */
    record Terminate(String backend, long killAfterNanos) implements Effect {}

    /** The link stands at this barrier; answer {@link Link#released} when it is released, at once if it has been. */
    record Await(String barrier) implements Effect {}

    /** Release this barrier for all links. */
    record Release(String barrier) implements Effect {}

    /**
     * Nothing to do: what happened, for people.
     *
     * @param line of the script; 0 for what the peers did
     */
    record Note(int line, String text) implements Effect {}

    /** The link is over; close what is still open, behind what was forwarded. The last effect. */
    record Done() implements Effect {}
}
