package io.handfast.agent;

import org.jspecify.annotations.Nullable;

/** An agent's own word on how its run failed: the fields of {@code agent_error}. */
public final class AgentFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final boolean retryable;

    /**
     * @param code one of the codes of {@code agent_error} in spec/protocol.md
     * @param message for the user
     */
    public AgentFailure(String code, String message, boolean retryable) {
        this(code, message, retryable, null);
    }

    /** @param cause for the operator's log; nothing of it reaches the user */
    public AgentFailure(String code, String message, boolean retryable, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryable = retryable;
    }

    public String code() {
        return code;
    }

    public boolean retryable() {
        return retryable;
    }
}
