package io.handfast.log;

import io.handfast.log.RunOrder.Verdict;
import io.handfast.log.ThreadLog.Appended;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import java.util.List;

/** Appends events of a run as its order allows, all or none. */
final class AppendRequest extends Request<Appended> {
    private final String threadId;
    private final String runId;
    private final List<EventDraft> events;

    AppendRequest(String threadId, String runId, List<EventDraft> events) {
        this.threadId = threadId;
        this.runId = runId;
        this.events = List.copyOf(events);
    }

    @Override
    long bytes() {
        long bytes = super.bytes();
        for (EventDraft event : events) {
            bytes += event.payload().length;
        }
        return bytes;
    }

    @Override
    Outcome<Appended> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        RunState run = thread == null ? null : workspace.run(threadId, thread, runId);
        if (thread == null || run == null) {
            return Outcome.refused(ErrorCode.RUN_NOT_FOUND, "no run " + runId + " in thread " + threadId);
        }
        Verdict verdict = RunOrder.judge(run, events, thread.timeMicros(workspace.nowMicros()));
        if (verdict instanceof Verdict.Written written) {
            return Outcome.done(write(workspace, thread, written));
        }
        if (verdict instanceof Verdict.Broken broken) {
            return Outcome.refused(ErrorCode.INVALID_FIELD, broken.why());
        }
        return Outcome.refused(ErrorCode.RUN_ENDED, "run " + runId + " has ended");
    }

    private Appended write(Workspace workspace, ThreadDraft thread, Verdict.Written written) {
        long seq = append(workspace, thread, runId, written.events());
        RunState changed = written.changed();
        if (changed != null) {
            workspace.put(changed);
            if (changed.ended()) {
                thread.runEnded();
            }
        }
        thread.trim(workspace.limits().retention());
        return new Appended(seq);
    }

    /** Gives events of a run the next places, and answers the last one's. */
    static long append(Workspace workspace, ThreadDraft thread, String runId, List<EventDraft> events) {
        for (EventDraft event : events) {
            thread.append(
                    event.type(),
                    runId,
                    event.payload(),
                    workspace.nowMicros(),
                    workspace.limits().retention());
        }
        return thread.headSeq();
    }
}
