package io.handfast.log;

import io.handfast.log.ThreadLog.Opened;
import io.handfast.log.ThreadLog.Opening;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;

/** Opens a run that is fed from outside, once for each run id. */
final class OpenRequest extends Request<Opened> {
    private final Opening opening;

    OpenRequest(Opening opening) {
        this.opening = opening;
    }

    @Override
    Outcome<Opened> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(opening.threadId());
        String ownerId = opening.ownerId(thread == null ? null : thread.ownerId());
        if (thread != null && !thread.ownerId().equals(ownerId)) {
            return ClaimRequest.foreign(opening.threadId());
        }
        RunState known = workspace.run(opening.runId());
        if (known != null) {
            return known(known);
        }
        if (thread == null) {
            thread = workspace.create(opening.threadId(), ownerId);
        }
        int openRunsMax = workspace.limits().openRunsPerThreadMax();
        if (thread.openRuns() >= openRunsMax) {
            return PostRequest.tooManyRuns(opening.threadId(), thread.openRuns(), openRunsMax);
        }
        long nowMicros = thread.timeMicros(workspace.nowMicros());
        thread.runOpened("");
        RunState run = RunState.opened(opening, ownerId, thread.incarnation(), nowMicros, thread.headSeq());
        workspace.put(run);
        return Outcome.done(new Opened.Fresh(run.toRecord()));
    }

    private Outcome<Opened> known(RunState run) {
        Producer producer = run.producer();
        if (!run.threadId().equals(opening.threadId()) || producer == null) {
            return Outcome.done(new Opened.Taken());
        }
        return producer.publisherId().equals(opening.callerId())
                        || run.ownerId().equals(opening.callerId())
                ? Outcome.done(new Opened.Known(run.toRecord()))
                : Outcome.refused(ErrorCode.FORBIDDEN, "run " + run.runId() + " belongs to another producer");
    }
}
