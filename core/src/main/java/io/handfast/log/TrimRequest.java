package io.handfast.log;

import io.handfast.protocol.Outcome;

/** Drops what a thread has from a time and before it. Done with true when something was dropped. */
final class TrimRequest extends Request<Boolean> {
    private final String threadId;
    private final String incarnation;
    private final long cutoffMicros;

    TrimRequest(String threadId, String incarnation, long cutoffMicros) {
        this.threadId = threadId;
        this.incarnation = incarnation;
        this.cutoffMicros = cutoffMicros;
    }

    @Override
    Outcome<Boolean> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        if (thread == null || !thread.incarnation().equals(incarnation)) {
            return Outcome.done(false);
        }
        return Outcome.done(thread.trimTo(cutoffMicros));
    }
}
