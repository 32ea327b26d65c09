package io.handfast.protocol;

import org.jspecify.annotations.Nullable;

/** A frame of a client whose fields were checked (spec/protocol.md, "Client to server"). */
public sealed interface ClientFrame extends Incoming {

    /** The client's message handler answers {@code handshake_validation}. */
    record HandshakeAck(String validationId) implements ClientFrame {}

    /**
     * Asks for the events of a thread.
     *
     * @param afterSeq deliver only greater ones, 0 to {@link ClientFrames#MAX_SEQ}; null for everything retained
     * @param latest deliver only new ones; then {@code afterSeq} is null
     * @param epoch what {@code afterSeq} belongs to; null for the current one; without meaning when {@code afterSeq} is null
     */
    record Subscribe(
            String threadId,
            @Nullable Long afterSeq,
            boolean latest,
            @Nullable String epoch) implements ClientFrame {}

    record Unsubscribe(String threadId) implements ClientFrame {}

    /**
     * What a user writes.
     *
     * @param text at most {@link ClientFrames#MAX_TEXT_BYTES} of UTF-8; may be empty
     * @param agent null for the default agent
     * @param options a JSON object in UTF-8, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
    record UserMessage(
            String threadId,
            String messageId,
            String text,
            @Nullable String agent,
            byte @Nullable [] options) implements ClientFrame {}

    /** Cancels a run, named by its id or by the message that started it: one of the two is not null; the run's id wins. */
    record CancelRun(
            String threadId,
            @Nullable String runId,
            @Nullable String messageId) implements ClientFrame {}

    /** Everything up to {@code seq} was processed. */
    record Ack(String threadId, long seq) implements ClientFrame {}

    record Heartbeat() implements ClientFrame {}

    record HeartbeatAck() implements ClientFrame {}
}
