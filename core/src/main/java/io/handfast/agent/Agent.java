package io.handfast.agent;

import java.time.Duration;
import java.util.Optional;

/**
 * Code that answers a message. It emits events and knows nothing of connections: what it emits is written to the
 * thread's log, and readers get it from there.
 *
 * <pre>{@code
 * public final class Shout implements Agent {
 *     public String name() { return "shout"; }
 *     public String description() { return "Says it louder."; }
 *     public void run(AgentRequest request, AgentEvents events) {
 *         events.thinking("How loud?");
 *         for (String word : request.text().split(" ")) {
 *             events.chunk(word.toUpperCase(Locale.ROOT) + " ");
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>The gateway writes {@code agent_started} before {@link #run} and exactly one terminal event after it, whatever
 * happens: {@code agent_completed} when it returns, {@code agent_error} when it throws or passes its deadline,
 * {@code agent_cancelled} when it is cancelled (its thread is interrupted).
 */
public interface Agent {
    /** The name by which clients choose it: an id of spec/protocol.md. */
    String name();

    /** One sentence for people who choose. */
    String description();

    /**
     * How long a run may take, counted from {@code agent_started}; more than zero. Empty for the server's own deadline
     * ({@code handfast.runs.deadline}). A message's option {@code deadline_ms} can only shorten it.
     */
    default Optional<Duration> deadline() {
        return Optional.empty();
    }

    /**
     * Answers one message. Called on a thread of its own, on which it may block; several runs of one agent may be under
     * way at once, never two of one thread.
     *
     * @throws Exception any: the run ends with {@code agent_error}, code {@code agent_failed}, and the exception's
     *     message; {@link AgentFailure} chooses code and message, {@link AgentCancelled} ends it with {@code agent_cancelled}
     */
    void run(AgentRequest request, AgentEvents events) throws Exception;
}
