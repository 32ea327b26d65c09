package io.handfast.connection;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.readiness.Proof;
import io.handfast.run.Conversations.RunReference;
import io.handfast.run.Conversations.UserMessage;
import java.util.List;

/**
 * What the machine asks its adapter to do, in order. An effect that has an answer names the input that takes it; the
 * adapter gives each answer exactly once, on the connection's own thread, in whatever order answers arrive. Answers to a
 * closed machine are ignored.
 */
public sealed interface Effect {
    /** Write one text frame. The bytes are JSON in UTF-8 and are not changed any more. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    record SendText(byte[] json) implements Effect {}

    /** Write a granted range of the log of a thread: one text frame for each entry, in order, or those of {@link Coalescing}. */
    record SendEntries(String threadId, List<Entry> entries) implements Effect {}

    /** Write a Ping. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    record SendPing(byte[] payload) implements Effect {}

    /** Write a Pong. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    record SendPong(byte[] payload) implements Effect {}

    /**
     * Write a Close frame behind everything written before, then go on reading: the peer's Close or end of stream comes back
     * as {@link Connection#peerClose} or {@link Connection#peerGone}. Nothing is written after it.
     *
     * @param code 1005 for a Close frame without a body
     */
    record SendClose(int code, String reason) implements Effect {}

    /**
     * Close the transport now.
     *
     * @param abort true: do not wait for what is not written yet
     */
    record CloseTransport(boolean abort) implements Effect {}

    /** Claim the thread for the user; answer {@link Connection#claimed}. */
    record Claim(String threadId, Position position) implements Effect {}

    /** Tell {@link Connection#headMoved} from now on whenever the committed head of the thread moves. */
    record WatchThread(String threadId) implements Effect {}

    /** Stop that. */
    record UnwatchThread(String threadId) implements Effect {}

    /**
     * Read events behind the cursor; answer {@link Connection#read}. The adapter tries {@code ThreadLog.tail} and, when that is
     * behind, {@code ThreadLog.load}.
     */
    record Read(String threadId, Cursor after, int maxBytes) implements Effect {}

    /** Post the message; answer {@link Connection#posted}. */
    record PostMessage(UserMessage message) implements Effect {}

    /** Cancel the run; answer {@link Connection#cancelled}. */
    record CancelRun(String threadId, RunReference run) implements Effect {}

    /** Nothing to do: something worth a log line or a metric happened. */
    record Observed(Observation observation) implements Effect {}

    /** What is worth a log line or a metric. */
    sealed interface Observation {
        /** READY was reached, the peer asked {@code attempts} times, {@code readyNanos} after the 101 was handed over. */
        record Ready(Proof proof, int attempts, long readyNanos) implements Observation {}

        /** A proof came after the connection had been degraded: the pattern "operated before ready". */
        record LateProof(Proof proof, long sinceReadyNanos) implements Observation {}

        /** The deadline passed without the proof that the tier asks for. */
        record ProofMissed(int attempts, boolean degraded) implements Observation {}

        /** The client sent a frame before READY; it is kept. */
        record InboundBeforeReady(int heldFrames, int heldBytes) implements Observation {}

        /** A subscription began where an earlier one had ended. */
        record Resumed(String threadId, long fromSeq, boolean gap) implements Observation {}

        /** The client has processed everything up to {@code seq}; {@code lag} events more were sent to it (F16). */
        record Acknowledged(String threadId, long seq, long lag) implements Observation {}

        /** A frame of the client was refused. */
        record Refused(String code, String message) implements Observation {}

        /** The connection is over. */
        record Closed(CloseCause cause) implements Observation {}
    }
}
