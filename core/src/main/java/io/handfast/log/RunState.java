package io.handfast.log;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A run as the order rules need it, and as a {@link Store} keeps it.
 *
 * @param incarnation of the thread, see {@link ThreadRecord}
 * @param messageId the message that started it; null for a run fed from outside
 * @param options of the message, a JSON object in UTF-8; null when it had none, and once the run has ended
 * @param openedMicros when it was opened
 * @param openedSeq the head of the thread then, its own message included
 * @param openTools tool calls that are not completed, by id, in the order in which they began
 * @param closedTools ids of those that are; none once the run has ended
 * @param producer who feeds it from outside; null for a run that a message started
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, compared by nobody
public record RunState(
        String threadId,
        String incarnation,
        String runId,
        String ownerId,
        String agent,
        @Nullable String messageId,
        byte @Nullable [] options,
        long openedMicros,
        long openedSeq,
        boolean started,
        boolean ended,
        Map<String, OpenTool> openTools,
        Set<String> closedTools,
        @Nullable Producer producer) {

    /** A tool call under way. */
    public record OpenTool(String toolName, long startedMicros) {}

    static RunState opened(ThreadLog.Post post, String incarnation, long nowMicros, long headSeq) {
        return new RunState(
                post.threadId(),
                incarnation,
                post.runId(),
                post.userId(),
                post.agent(),
                post.messageId(),
                post.options(),
                nowMicros,
                headSeq,
                false,
                false,
                Map.of(),
                Set.of(),
                null);
    }

    static RunState opened(
            ThreadLog.Opening opening, String ownerId, String incarnation, long nowMicros, long headSeq) {
        return new RunState(
                opening.threadId(),
                incarnation,
                opening.runId(),
                ownerId,
                opening.agent(),
                null,
                null,
                nowMicros,
                headSeq,
                false,
                false,
                Map.of(),
                Set.of(),
                Producer.opened(opening, nowMicros));
    }

    RunState with(Producer newProducer) {
        return new RunState(
                threadId,
                incarnation,
                runId,
                ownerId,
                agent,
                messageId,
                options,
                openedMicros,
                openedSeq,
                started,
                ended,
                openTools,
                closedTools,
                newProducer);
    }

    ThreadLog.RunRecord toRecord() {
        return new ThreadLog.RunRecord(threadId, runId, ownerId, agent, messageId, openedSeq, started, ended, producer);
    }
}
