package io.handfast.agent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent is asked. */
public interface AgentRequest {
    String threadId();

    String runId();

    String userId();

    /** The client's id of the message. */
    String messageId();

    /** What the user wrote; may be empty. */
    String text();

    /** The message's {@code options}; empty when it had none. Values are those of a JSON object. */
    Map<String, Object> options();

    /** The messages of the thread before this one, oldest first. Reads the log: may block. */
    List<Turn> history();

    /**
     * What the run before this one ended with as {@link AgentEvents#pending}: this message answers it. Empty when that run
     * waits for nothing, or was another agent's. Reads the log: may block.
     */
    default List<Map<String, Object>> pending() {
        return List.of();
    }

    /** The W3C trace context that this run belongs to, to be passed on; null when it is not traced. */
    default @Nullable String traceparent() {
        return null;
    }

    /**
     * One earlier message.
     *
     * @param id stands for the same message in every later history: the user's {@code message_id}, the agent's
     *     {@code run_id}
     */
    record Turn(Role role, String id, String text) {}

    /** Who wrote it. */
    enum Role {
        USER,
        AGENT
    }
}
