package io.handfast.protocol;

import io.handfast.protocol.Fields.InvalidFieldException;
import io.handfast.protocol.Json.MalformedJsonException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the frames of clients. Never throws: what cannot be read is a {@link Refusal} that says why. */
public final class ClientFrames {
    /** The greatest {@code seq}: the greatest whole number that every JSON reader keeps exactly (RFC 8259, section 6). */
    public static final long MAX_SEQ = (1L << 53) - 1;

    /** The most bytes of UTF-8 that the text of a message may have. */
    public static final int MAX_TEXT_BYTES = 256 * 1024;

    private static final String TYPES =
            "handshake_ack, subscribe, unsubscribe, user_message, cancel_run, ack, heartbeat, heartbeat_ack";

    private ClientFrames() {}

    /**
     * Reads a whole text message.
     *
     * @param utf8 valid UTF-8
     */
    @SuppressWarnings("unchecked") // Json.read makes objects of this type only
    public static Incoming read(byte[] utf8) {
        Object value;
        try {
            value = Json.read(utf8);
        } catch (MalformedJsonException e) {
            return new Refusal(ErrorCode.BAD_JSON, "not JSON: " + e.getMessage(), null, null, null);
        }
        if (!(value instanceof Map<?, ?> object)) {
            return new Refusal(ErrorCode.BAD_JSON, "a frame is one JSON object", null, null, null);
        }
        if (!(object.get("type") instanceof String type)) {
            return new Refusal(ErrorCode.BAD_JSON, "a frame has a string \"type\": one of " + TYPES, null, null, null);
        }
        Fields fields = new Fields((Map<String, @Nullable Object>) object);
        try {
            return frame(type, fields);
        } catch (InvalidFieldException e) {
            return new Refusal(
                    e.code(), e.getMessage(), type, fields.idOrNull("message_id"), fields.idOrNull("thread_id"));
        }
    }

    private static Incoming frame(String type, Fields fields) throws InvalidFieldException {
        return switch (type) {
            case "handshake_ack" -> new ClientFrame.HandshakeAck(fields.string("validation_id", Ids.MAX_LENGTH));
            case "subscribe" -> subscribe(fields);
            case "unsubscribe" -> new ClientFrame.Unsubscribe(fields.id("thread_id"));
            case "user_message" -> userMessage(fields);
            case "cancel_run" -> cancelRun(fields);
            case "ack" -> new ClientFrame.Ack(fields.id("thread_id"), fields.seq("seq"));
            case "heartbeat" -> new ClientFrame.Heartbeat();
            case "heartbeat_ack" -> new ClientFrame.HeartbeatAck();
            default -> {
                String shown = Fields.shown(type);
                yield new Refusal(
                        ErrorCode.UNKNOWN_TYPE,
                        "unknown type " + shown + ": the types are " + TYPES,
                        shown,
                        fields.idOrNull("message_id"),
                        fields.idOrNull("thread_id"));
            }
        };
    }

    private static ClientFrame subscribe(Fields fields) throws InvalidFieldException {
        String threadId = fields.id("thread_id");
        String epoch = fields.epochOrNull("epoch");
        if ("latest".equals(fields.value("after_seq"))) {
            return new ClientFrame.Subscribe(threadId, null, true, epoch);
        }
        return new ClientFrame.Subscribe(threadId, fields.seqOrNull("after_seq"), false, epoch);
    }

    private static ClientFrame cancelRun(Fields fields) throws InvalidFieldException {
        String threadId = fields.id("thread_id");
        String runId = fields.value("run_id") == null ? null : fields.id("run_id");
        String messageId = fields.value("message_id") == null ? null : fields.id("message_id");
        if (runId == null && messageId == null) {
            throw new InvalidFieldException("run_id or message_id is required: one of the two names the run");
        }
        return new ClientFrame.CancelRun(threadId, runId, messageId);
    }

    /**
     * Checks the fields of a user's message that came by another way than a frame: {@code POST
     * /v1/threads/{thread_id}/messages} with the thread's id put into {@code fields}.
     *
     * @param fields as {@link Json#read} makes them
     */
    public static Outcome<ClientFrame.UserMessage> userMessage(Map<String, @Nullable Object> fields) {
        try {
            return Outcome.done(userMessage(new Fields(fields)));
        } catch (InvalidFieldException e) {
            return Outcome.refused(e.code(), e.getMessage());
        }
    }

    private static ClientFrame.UserMessage userMessage(Fields fields) throws InvalidFieldException {
        String threadId = fields.id("thread_id");
        String messageId = fields.id("message_id");
        String text = fields.text("text", MAX_TEXT_BYTES);
        // Not held to the alphabet of ids: a name that no agent can have is an unknown agent.
        String agent = fields.value("agent") == null ? null : fields.string("agent", Ids.MAX_LENGTH);
        return new ClientFrame.UserMessage(threadId, messageId, text, agent, fields.objectOrNull("options"));
    }
}
