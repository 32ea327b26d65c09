package io.handfast.agent;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent emits its events. Each call appends to the thread's log; it may block while too much of the run is not
 * durable yet. Any thread may call, one at a time.
 *
 * <p>After the run has ended (cancelled, past its deadline) every call throws {@link RunEndedException}: let it pass, it ends
 * the agent's work.
 */
public interface AgentEvents {
    void thinking(String text);

    /** A tool begins. Each call needs one {@link #toolCompleted}; what is left open is closed as {@code aborted}. */
    void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments);

    /** A tool ended; the log's reader sees how long it took. */
    void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result);

    /** A piece of the answer. */
    void chunk(String text);

    /** Anything else; passed on untouched. */
    void custom(String name, @Nullable Object value);

    /** Token usage or the like, reported in {@code agent_completed}. */
    void usage(Map<String, ?> usage);

    /**
     * What the agent needs from outside before it can go on (an approval, the result of a tool of the client), reported in
     * {@code agent_completed} as {@code pending}: JSON objects, each with a {@code kind}. The run completes all the same;
     * the next message of the thread answers, see {@link AgentRequest#pending}.
     */
    default void pending(List<? extends Map<String, ?>> pending) {
        custom("pending", pending);
    }

    /** How a tool ended. */
    enum ToolStatus {
        OK,
        ERROR
    }

    /** Thrown into an agent whose run is over. */
    final class RunEndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public RunEndedException(String runId) {
            super("run " + runId + " has ended");
        }
    }
}
