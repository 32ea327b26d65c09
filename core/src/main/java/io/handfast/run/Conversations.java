package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What users do with threads: send a message, cancel a run. It owns the life of every run of this process: it starts
 * agents in the order of the messages, and sees to it that every run ends with exactly one terminal event.
 *
 * <p>Methods may be called from any thread and do not block.
 */
public interface Conversations {
    /**
     * Writes a user's message and starts the run that answers it. Done when the message is durable. Refused with the codes
     * of spec/protocol.md: {@code FORBIDDEN}, {@code UNKNOWN_AGENT}, {@code TOO_MANY_RUNS}, {@code DRAINING},
     * {@code UNAVAILABLE}.
     */
    CompletionStage<Outcome<ThreadLog.Posted>> post(String userId, UserMessage message);

    /** Cancels a run of a thread, by its id or by the message that started it. Done with the run's id. */
    CompletionStage<Outcome<String>> cancel(String userId, String threadId, RunReference run);

    /** Cancels a run of any thread that belongs to the user. Done with the run's id. */
    CompletionStage<Outcome<String>> cancel(String userId, String runId);

    /**
     * Deletes a thread of the user with everything in it. Its runs of this process end with it: their agents are called off, and
     * nothing more of them is written. Done with false when there was no such thread. Refused {@code FORBIDDEN} and
     * {@code UNAVAILABLE}.
     */
    CompletionStage<Outcome<Boolean>> delete(String userId, String threadId);

    /** The agents that may be asked, the default one first. */
    List<Agent> agents();

    /**
     * A message whose fields were checked.
     *
     * @param agent null for the default agent
     * @param options a JSON object in UTF-8, or null
     * @param runId for the run that it starts, when the client chose it; null for one of ours
     * @param traceparent the trace that the message belongs to, see {@link io.handfast.protocol.TraceParent}; null for none
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
    record UserMessage(
            String threadId,
            String messageId,
            String text,
            @Nullable String agent,
            byte @Nullable [] options,
            @Nullable String runId,
            @Nullable String traceparent) {

        /** A message of no trace. */
        public UserMessage(
                String threadId,
                String messageId,
                String text,
                @Nullable String agent,
                byte @Nullable [] options,
                @Nullable String runId) {
            this(threadId, messageId, text, agent, options, runId, null);
        }

        /** The same as part of a trace. */
        public UserMessage traced(@Nullable String parent) {
            return new UserMessage(threadId, messageId, text, agent, options, runId, parent);
        }
    }

    /** How a client names a run. */
    sealed interface RunReference {
        record ByRun(String runId) implements RunReference {}

        record ByMessage(String messageId) implements RunReference {}
    }
}
