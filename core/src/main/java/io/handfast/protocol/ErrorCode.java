package io.handfast.protocol;

import java.util.Locale;

/** The codes of an {@code error} frame, which are also the {@code code} of a problem document over HTTP. */
public enum ErrorCode {
    BAD_JSON(400, false),
    UNKNOWN_TYPE(400, false),
    INVALID_FIELD(400, false),
    FORBIDDEN(403, false),
    UNKNOWN_AGENT(400, false),
    RUN_NOT_FOUND(404, false),
    RUN_ENDED(409, false),
    RATE_LIMITED(429, true),
    TOO_LARGE(413, false),
    TOO_MANY_RUNS(429, true),
    DRAINING(503, true),
    UNAVAILABLE(503, true),
    NOT_SUBSCRIBED(409, false);

    private final int httpStatus;
    private final boolean retryable;

    ErrorCode(int httpStatus, boolean retryable) {
        this.httpStatus = httpStatus;
        this.retryable = retryable;
    }

    /** The name on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The status of the same refusal over HTTP. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the same request can succeed later. */
    public boolean retryable() {
        return retryable;
    }
}
