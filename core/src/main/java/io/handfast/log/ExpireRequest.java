package io.handfast.log;

import io.handfast.log.RunOrder.Verdict;
import io.handfast.log.ThreadLog.Expiry;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends a run fed from outside whose time is up. Decided here, between the appends, so that a batch that came in time is never
 * overtaken by the deadline that it moved.
 */
final class ExpireRequest extends Request<Expiry> {
    private static final long MICROS_PER_MILLI = 1_000;

    private final String threadId;
    private final String runId;

    ExpireRequest(String threadId, String runId) {
        this.threadId = threadId;
        this.runId = runId;
    }

    @Override
    Outcome<Expiry> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(threadId);
        RunState run = thread == null ? null : workspace.run(threadId, thread, runId);
        Producer producer = run == null ? null : run.producer();
        if (thread == null || run == null || producer == null) {
            return Outcome.refused(ErrorCode.RUN_NOT_FOUND, "no run " + runId + " in thread " + threadId);
        }
        if (run.ended()) {
            return Outcome.refused(ErrorCode.RUN_ENDED, "run " + runId + " has ended");
        }
        long nowMicros = workspace.nowMicros();
        if (nowMicros < producer.dueMicros()) {
            return Outcome.done(new Expiry.NotDue(producer.dueMicros() - nowMicros));
        }
        Verdict verdict =
                RunOrder.judge(run, List.of(deadlineExceeded(producer, nowMicros)), thread.timeMicros(nowMicros));
        if (!(verdict instanceof Verdict.Written written) || written.changed() == null) {
            throw new IllegalStateException("run " + runId + " refuses its end: " + verdict);
        }
        long seq = AppendRequest.append(workspace, thread, runId, written.events());
        workspace.put(written.changed());
        thread.runEnded();
        thread.trim(workspace.limits().retention());
        return Outcome.done(new Expiry.Ended(seq));
    }

    private static EventDraft deadlineExceeded(Producer producer, long nowMicros) {
        boolean silent = nowMicros >= producer.heardMicros() + producer.idleDeadlineMicros();
        String why = silent
                ? "nothing came from its producer for " + producer.idleDeadlineMicros() / MICROS_PER_MILLI + " ms"
                : "no end within " + producer.deadlineMicros() / MICROS_PER_MILLI + " ms";
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("code", "deadline_exceeded");
        payload.put("message", why);
        payload.put("retryable", true);
        return new EventDraft(EventType.AGENT_ERROR, Json.write(payload));
    }
}
