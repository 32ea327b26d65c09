package io.handfast.log;

import io.handfast.protocol.Outcome;

/** Deletes a thread with everything that belongs to it. */
final class DeleteRequest extends Request<Boolean> {
    private final String threadId;
    private final String userId;

    DeleteRequest(String threadId, String userId) {
        this.threadId = threadId;
        this.userId = userId;
    }

    /** So that no batch holds two threads of one name. */
    @Override
    boolean alone() {
        return true;
    }

    @Override
    Outcome<Boolean> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        if (thread == null) {
            return Outcome.done(false);
        }
        if (!thread.ownerId().equals(userId)) {
            return ClaimRequest.foreign(threadId);
        }
        thread.delete();
        return Outcome.done(true);
    }
}
