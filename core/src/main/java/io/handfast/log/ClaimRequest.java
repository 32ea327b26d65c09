package io.handfast.log;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;

/** Opens a thread for its owner. */
final class ClaimRequest extends Request<ThreadHead> {
    private final String threadId;
    private final String userId;

    ClaimRequest(String threadId, String userId) {
        this.threadId = threadId;
        this.userId = userId;
    }

    @Override
    Outcome<ThreadHead> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        if (thread == null) {
            thread = workspace.create(threadId, userId);
        }
        if (!thread.ownerId().equals(userId)) {
            return foreign(threadId);
        }
        return Outcome.done(ResidentThread.headOf(thread.toRecord(), workspace.epochOf(thread.incarnation())));
    }

    static <T> Outcome<T> foreign(String threadId) {
        return Outcome.refused(ErrorCode.FORBIDDEN, "thread " + threadId + " belongs to another user");
    }
}
