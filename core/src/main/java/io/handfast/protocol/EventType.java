package io.handfast.protocol;

import java.util.Locale;

/** The types of the events in a thread's log, with the place that each has in a run. */
public enum EventType {
    USER_MESSAGE,
    AGENT_STARTED,
    AGENT_THINKING,
    TOOL_EXECUTING,
    TOOL_COMPLETED,
    AGENT_RESPONSE_CHUNK,
    AGENT_COMPLETED,
    AGENT_ERROR,
    AGENT_CANCELLED,
    CUSTOM;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    /** The {@code type} on the wire. */
    public String wireName() {
        return wireName;
    }

    /** Whether this event ends its run. */
    public boolean terminal() {
        return this == AGENT_COMPLETED || this == AGENT_ERROR || this == AGENT_CANCELLED;
    }
}
