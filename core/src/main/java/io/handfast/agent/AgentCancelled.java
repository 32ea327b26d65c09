package io.handfast.agent;

/**
 * Thrown by an agent whose work was cancelled on its own side, by an upstream service for instance: the run ends with
 * {@code agent_cancelled}, which is neither success nor failure.
 */
public final class AgentCancelled extends Exception {
    private static final long serialVersionUID = 1L;

    private final String by;

    /** @param by who cancelled, as {@code agent_cancelled} tells it */
    public AgentCancelled(String by) {
        super("cancelled by " + by);
        this.by = by;
    }

    public String by() {
        return by;
    }
}
