package io.handfast.agents.upstream;

/** What becomes of a run when its agent has as many under way as it may have. */
public enum WhenFull {
    /** It waits for its turn; its deadline counts. */
    WAIT,
    /** It ends with a retryable {@code agent_error}. */
    REFUSE
}
