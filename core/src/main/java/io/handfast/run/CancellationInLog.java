package io.handfast.run;

import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Cancels what this process does not execute: most often the answer is that there is no such run, or that it has ended. A run
 * that is open elsewhere (fed from outside) is ended in the log; its producer learns it with its next event.
 */
final class CancellationInLog {
    private final ThreadLog log;
    private final OutsideRuns outside;

    CancellationInLog(ThreadLog log, OutsideRuns outside) {
        this.log = log;
        this.outside = outside;
    }

    CompletionStage<Outcome<String>> of(String userId, String threadId, Conversations.RunReference reference) {
        return log.head(threadId).thenCompose(outcome -> {
            if (outcome instanceof Outcome.Refused<Optional<ThreadHead>> refused) {
                return refused(refused.code(), refused.message());
            }
            ThreadHead head =
                    ((Outcome.Done<Optional<ThreadHead>>) outcome).value().orElse(null);
            if (head == null) {
                return refused(ErrorCode.RUN_NOT_FOUND, "thread " + threadId + " does not exist");
            }
            if (!head.ownerId().equals(userId)) {
                return refused(ErrorCode.FORBIDDEN, "thread " + threadId + " belongs to another user");
            }
            return lookUp(threadId, reference).thenCompose(found -> end(userId, threadId, found));
        });
    }

    CompletionStage<Outcome<String>> of(String userId, String runId) {
        return log.run(runId).thenCompose(found -> end(userId, null, found));
    }

    private CompletionStage<Outcome<ThreadLog.RunRecord>> lookUp(
            String threadId, Conversations.RunReference reference) {
        return reference instanceof Conversations.RunReference.ByMessage byMessage
                ? log.runOfMessage(threadId, byMessage.messageId())
                : log.run(((Conversations.RunReference.ByRun) reference).runId());
    }

    private CompletionStage<Outcome<String>> end(
            String userId, @Nullable String threadId, Outcome<ThreadLog.RunRecord> found) {
        if (found instanceof Outcome.Refused<ThreadLog.RunRecord> refused) {
            return refused(refused.code(), refused.message());
        }
        ThreadLog.RunRecord run = ((Outcome.Done<ThreadLog.RunRecord>) found).value();
        if (threadId != null && !threadId.equals(run.threadId())) {
            return refused(ErrorCode.RUN_NOT_FOUND, "thread " + threadId + " has no run " + run.runId());
        }
        if (!run.ownerId().equals(userId)) {
            return refused(ErrorCode.FORBIDDEN, "run " + run.runId() + " belongs to another user");
        }
        if (run.ended()) {
            return refused(ErrorCode.RUN_ENDED, "run " + run.runId() + " has ended");
        }
        return log.append(run.threadId(), run.runId(), List.of(RunDrafts.cancelled(userId)))
                .thenApply(appended -> {
                    if (appended instanceof Outcome.Refused<ThreadLog.Appended> refused) {
                        return Outcome.refused(refused.code(), refused.message());
                    }
                    outside.ended(run.runId(), EventType.AGENT_CANCELLED);
                    return Outcome.done(run.runId());
                });
    }

    private static CompletionStage<Outcome<String>> refused(ErrorCode code, String message) {
        return CompletableFuture.completedStage(Outcome.refused(code, message));
    }
}
