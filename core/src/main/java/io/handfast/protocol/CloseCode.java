package io.handfast.protocol;

/**
 * Every close code that Handfast sends. The code alone tells a client what to do: {@link #reconnect()} is the rule of
 * spec/protocol.md, "Close codes".
 */
public enum CloseCode {
    NORMAL(1000, "normal"),
    PROTOCOL_VIOLATION(1002, "protocol_violation"),
    UNSUPPORTED_DATA(1003, "unsupported_data"),
    INVALID_UTF8(1007, "invalid_utf8"),
    MESSAGE_TOO_BIG(1009, "message_too_big"),
    INTERNAL_ERROR(1011, "internal_error"),
    SERVICE_RESTART(1012, "service_restart"),
    SLOW_CONSUMER(4000, "slow_consumer"),
    MAX_AGE(4001, "max_age"),
    HANDSHAKE_UNPROVEN(4002, "handshake_unproven"),
    PEER_GONE(4003, "peer_gone"),
    LOG_REPLACED(4004, "log_replaced"),
    UNAUTHORIZED(4500, "unauthorized"),
    FORBIDDEN(4501, "forbidden"),
    PROTOCOL_ERROR(4502, "protocol_error"),
    TOO_MANY_CONNECTIONS(4503, "too_many_connections"),
    FLOODING(4504, "flooding");

    private final int code;
    private final String reason;

    CloseCode(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** The status code of RFC 6455, section 7.4. */
    public int code() {
        return code;
    }

    /** The name on the wire, in the close frame's reason. */
    public String reason() {
        return reason;
    }

    /** Whether a client comes back by itself after this code. */
    public boolean reconnect() {
        return switch (this) {
            case NORMAL,
                    INTERNAL_ERROR,
                    SERVICE_RESTART,
                    SLOW_CONSUMER,
                    MAX_AGE,
                    HANDSHAKE_UNPROVEN,
                    PEER_GONE,
                    LOG_REPLACED -> true;
            case PROTOCOL_VIOLATION,
                    UNSUPPORTED_DATA,
                    INVALID_UTF8,
                    MESSAGE_TOO_BIG,
                    UNAUTHORIZED,
                    FORBIDDEN,
                    PROTOCOL_ERROR,
                    TOO_MANY_CONNECTIONS,
                    FLOODING -> false;
        };
    }
}
