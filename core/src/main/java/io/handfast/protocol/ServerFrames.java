package io.handfast.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The frames of the server that are in no log (spec/protocol.md, "Establishing" and "Server to client, not in a log"), each as
 * JSON in UTF-8. Times are microseconds since 1970.
 */
public final class ServerFrames {
    private ServerFrames() {}

    /**
     * Asks the client's own message handler for an answer.
     *
     * @param attempt 1 for the first
     */
    public static byte[] handshakeValidation(String validationId, int attempt, long epochMicros) {
        return frame("handshake_validation")
                .member("validation_id", validationId)
                .member("attempt", attempt)
                .timestamp(epochMicros)
                .endObject();
    }

    /**
     * READY.
     *
     * @param readyMicros from the 101 to READY
     */
    public static byte[] connectionReady(
            String connectionId,
            String userId,
            String proof,
            long readyMicros,
            long heartbeatMillis,
            long maxAgeMillis,
            long epochMicros) {
        return frame("connection_ready")
                .member("connection_id", connectionId)
                .member("user_id", userId)
                .member("proof", proof)
                .decimal("ready_ms", readyMicros, 3)
                .member("heartbeat_ms", heartbeatMillis)
                .member("max_age_ms", maxAgeMillis)
                .timestamp(epochMicros)
                .endObject();
    }

    public static byte[] subscribed(String threadId, String epoch, long headSeq, long fromSeq, boolean resumed) {
        return frame("subscribed")
                .member("thread_id", threadId)
                .member("epoch", epoch)
                .member("head_seq", headSeq)
                .member("from_seq", fromSeq)
                .member("resumed", resumed)
                .endObject();
    }

    public static byte[] historyGap(String threadId, String reason, long missingFrom, long missingTo) {
        return frame("history_gap")
                .member("thread_id", threadId)
                .member("reason", reason)
                .member("missing_from", missingFrom)
                .member("missing_to", missingTo)
                .endObject();
    }

    /**
     * No more events of the thread.
     *
     * @param reason null when the client asked for it
     */
    public static byte[] unsubscribed(String threadId, @Nullable String reason) {
        JsonBuilder json = frame("unsubscribed").member("thread_id", threadId);
        return optional(json, "reason", reason).endObject();
    }

    public static byte[] messageAccepted(String threadId, String messageId, long seq, String runId, boolean duplicate) {
        return frame("message_accepted")
                .member("thread_id", threadId)
                .member("message_id", messageId)
                .member("seq", seq)
                .member("run_id", runId)
                .member("duplicate", duplicate)
                .endObject();
    }

    public static byte[] cancelAccepted(String threadId, String runId) {
        return frame("cancel_accepted")
                .member("thread_id", threadId)
                .member("run_id", runId)
                .endObject();
    }

    public static byte[] heartbeat(long epochMicros) {
        return frame("heartbeat").timestamp(epochMicros).endObject();
    }

    public static byte[] heartbeatAck(long epochMicros) {
        return frame("heartbeat_ack").timestamp(epochMicros).endObject();
    }

    public static byte[] draining(long reconnectAfterMillis, String reason) {
        return frame("draining")
                .member("reconnect_after_ms", reconnectAfterMillis)
                .member("reason", reason)
                .endObject();
    }

    public static byte[] error(Refusal refusal) {
        JsonBuilder json = frame("error")
                .member("code", refusal.code().wireName())
                .member("message", refusal.message())
                .member("retryable", refusal.code().retryable());
        optional(json, "request", refusal.request());
        optional(json, "message_id", refusal.messageId());
        return optional(json, "thread_id", refusal.threadId()).endObject();
    }

    private static JsonBuilder frame(String type) {
        return new JsonBuilder(192).member("type", type);
    }

    private static JsonBuilder optional(JsonBuilder json, String name, @Nullable String value) {
        return value == null ? json : json.member(name, value);
    }
}
