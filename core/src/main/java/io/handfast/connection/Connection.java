package io.handfast.connection;

import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.CloseCode;
import io.handfast.protocol.Outcome;
import io.handfast.run.Conversations.RunReference;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection, from the 101 to its one close cause, as a pure machine: inputs are method calls with the time
 * as a parameter, outputs are {@linkplain #poll() effects} that the adapter drains after each input. It knows no thread,
 * clock, socket or logger, and never throws at its adapter.
 *
 * <p>Duties of an adapter:
 *
 * <ol>
 *   <li>Call all methods from one thread, the same for the whole life of the connection.
 *   <li>Call {@link #accepted} when the 101 is handed to the transport and {@link #upgradeWritten} when its write has
 *       completed.
 *   <li>After every input drain {@link #poll()} until it is null, carry the effects out in order, and flush once.
 *   <li>Call {@link #tick} when {@link #nextDeadlineNanos()} has come; it may change after every input.
 *   <li>Report {@link #writable} whenever that changes, {@link #written} when a write completes, {@link #bytesRead} for
 *       whatever arrives.
 *   <li>Stop reading from the socket while {@link #wantsInput()} is false.
 * </ol>
 *
 * <p>All times are nanoseconds of one monotonic clock.
 */
public final class Connection {

    public Connection(ConnectionSetup setup, long nowNanos) {
        throw new UnsupportedOperationException();
    }

    // ---- inputs: the transport

    /** The 101 is handed to the transport. */
    public void accepted(long nowNanos) {}

    /** The write of the 101 has completed: the kernel has it, the peer may not. */
    public void upgradeWritten(long nowNanos) {}

    /** Bytes of any kind arrived. */
    public void bytesRead(long nowNanos) {}

    /**
     * A whole text message arrived.
     *
     * @param message valid UTF-8; the machine keeps the array
     * @param beforeUpgrade whether its first byte arrived before the 101 was written: kept in order, but no proof
     */
    public void text(byte[] message, boolean beforeUpgrade, long nowNanos) {}

    /** A Ping arrived; answered with a Pong. */
    public void ping(byte[] payload, long nowNanos) {}

    /** A Pong arrived. */
    public void pong(byte[] payload, long nowNanos) {}

    /** The peer broke RFC 6455 or a limit: binary 1003, UTF-8 1007, size 1009, anything else 1002. */
    public void violation(CloseCode code, String detail, long nowNanos) {}

    /**
     * The peer's Close frame arrived.
     *
     * @param code 1005 when it had none
     */
    public void peerClose(int code, String reason, long nowNanos) {}

    /** The peer's end of stream, or a failed transport. */
    public void peerGone(@Nullable String failure, long nowNanos) {}

    /** Whether the transport takes more output has changed. */
    public void writable(boolean writable, long nowNanos) {}

    /** Frames have left for the kernel: the oldest that were not written yet (the 101 is {@link #upgradeWritten}). */
    public void written(long nowNanos) {}

    // ---- inputs: answers and wishes

    /** The answer to {@link Effect.Claim}. */
    public void claimed(String threadId, Outcome<ThreadHead> outcome, long nowNanos) {}

    /** The committed head of a watched thread moved. */
    public void headMoved(String threadId, long nowNanos) {}

    /** The answer to {@link Effect.Read}. */
    public void read(String threadId, Slice slice, long nowNanos) {}

    /** The answer to {@link Effect.PostMessage}. */
    public void posted(String threadId, String messageId, Outcome<Posted> outcome, long nowNanos) {}

    /** The answer to {@link Effect.CancelRun}: the run's id. */
    public void cancelled(String threadId, RunReference run, Outcome<String> outcome, long nowNanos) {}

    /** The server is about to go down: tell the client, let pending events leave, close 1012 by the deadline. */
    public void drain(long reconnectAfterMillis, long deadlineNanos, long nowNanos) {}

    /** The credential has expired or was revoked: close 4500. */
    public void unauthorized(String detail, long nowNanos) {}

    /** The time is now; does whatever is due. */
    public void tick(long nowNanos) {}

    // ---- outputs

    /** The next effect, or null when there is nothing more to do. */
    public @Nullable Effect poll() {
        return null;
    }

    /** When {@link #tick} is due; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineNanos() {
        return Long.MAX_VALUE;
    }

    /** Whether the adapter may read on from the socket; false while too much of the client's waits for an answer. */
    public boolean wantsInput() {
        return true;
    }

    public ConnectionState state() {
        return ConnectionState.ACCEPTED;
    }

    /** The one cause, once there is one. */
    public Optional<CloseCause> closeCause() {
        return Optional.empty();
    }
}
