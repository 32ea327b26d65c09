package io.handfast.log;

import io.handfast.log.ThreadLog.Progress;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;

/** Finds out how far a run has come, for an owner who does not know what became of a write. */
final class ProgressRequest extends Request<Progress> {
    private final String threadId;
    private final String runId;
    private final long afterSeq;

    ProgressRequest(String threadId, String runId, long afterSeq) {
        this.threadId = threadId;
        this.runId = runId;
        this.afterSeq = afterSeq;
    }

    @Override
    Outcome<Progress> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        RunState run = thread == null ? null : workspace.run(threadId, thread, runId);
        if (run == null) {
            return Outcome.refused(ErrorCode.RUN_NOT_FOUND, "no run " + runId + " in thread " + threadId);
        }
        int events = 0;
        long lastSeq = afterSeq;
        for (Entry entry : workspace.committedBehind(threadId, afterSeq)) {
            if (runId.equals(entry.runId()) && entry.type() != EventType.USER_MESSAGE) {
                events++;
                lastSeq = entry.seq();
            }
        }
        return Outcome.done(new Progress(run.openedSeq(), events, lastSeq, run.ended()));
    }
}
