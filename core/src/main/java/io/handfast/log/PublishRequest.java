package io.handfast.log;

import io.handfast.log.RunOrder.Verdict;
import io.handfast.log.ThreadLog.Batched;
import io.handfast.log.ThreadLog.Published;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.List;

/** Appends what a producer sent, without what it sent before, all or none. */
final class PublishRequest extends Request<Published> {
    private final Batched batch;

    PublishRequest(Batched batch) {
        this.batch = batch;
    }

    @Override
    long bytes() {
        long bytes = super.bytes() + (batch.dialect() == null ? 0 : batch.dialect().length);
        for (List<EventDraft> drafts : batch.events()) {
            for (EventDraft draft : drafts) {
                bytes += draft.payload().length;
            }
        }
        return bytes;
    }

    @Override
    Outcome<Published> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(batch.threadId());
        RunState run = thread == null ? null : workspace.run(batch.threadId(), thread, batch.runId());
        Producer producer = run == null ? null : run.producer();
        if (thread == null || run == null || producer == null) {
            return Outcome.refused(
                    ErrorCode.RUN_NOT_FOUND,
                    "no run " + batch.runId() + " in thread " + batch.threadId() + " is fed from outside");
        }
        long nextSeq = producer.nextSeq();
        long behind = batch.producerSeq() + batch.events().size();
        if (batch.producerSeq() > nextSeq) {
            return Outcome.done(new Published.Hole(nextSeq));
        }
        if (behind <= nextSeq) {
            return Outcome.done(new Published.Known(producer.lastSeq(), nextSeq));
        }
        if (run.ended()) {
            return Outcome.refused(ErrorCode.RUN_ENDED, "run " + run.runId() + " has ended");
        }
        if (nextSeq > Producer.FIRST && (producer.dialect() == null) != (batch.dialect() == null)) {
            return Outcome.done(new Published.Broken("run " + run.runId() + " was begun with events of "
                    + (producer.dialect() == null ? "this protocol" : "another kind")
                    + "; allowed: one kind in a run"));
        }
        List<EventDraft> fresh =
                batch
                        .events()
                        .subList(
                                (int) (nextSeq - batch.producerSeq()),
                                batch.events().size())
                        .stream()
                        .flatMap(List::stream)
                        .toList();
        long nowMicros = thread.timeMicros(workspace.nowMicros());
        if (fresh.isEmpty()) { // brackets of another kind of events; they are told of, not shown
            workspace.put(run.with(producer.advanced(behind, producer.lastSeq(), nowMicros, batch.dialect())));
            return Outcome.done(new Published.Written(producer.lastSeq(), behind, false, null));
        }
        Verdict verdict = RunOrder.judge(run, fresh, nowMicros);
        if (verdict instanceof Verdict.Written written) {
            return Outcome.done(write(workspace, thread, run, written, behind));
        }
        if (verdict instanceof Verdict.Broken broken) {
            return Outcome.done(new Published.Broken(broken.why()));
        }
        return Outcome.refused(ErrorCode.RUN_ENDED, "run " + run.runId() + " has ended");
    }

    private Published write(
            Workspace workspace, ThreadDraft thread, RunState before, Verdict.Written written, long nextSeq) {
        RunState changed = written.changed() == null ? before : written.changed();
        Producer producer = changed.producer();
        if (producer == null) {
            throw new IllegalStateException("run " + before.runId() + " lost its producer");
        }
        long lastSeq = AppendRequest.append(workspace, thread, before.runId(), written.events());
        long nowMicros = thread.timeMicros(workspace.nowMicros());
        byte[] dialect = changed.ended() ? null : batch.dialect();
        workspace.put(changed.with(producer.advanced(nextSeq, lastSeq, nowMicros, dialect)));
        if (changed.ended()) {
            thread.runEnded();
        }
        thread.trim(workspace.limits().retention());
        List<EventDraft> events = written.events();
        EventType last = events.get(events.size() - 1).type();
        return new Published.Written(
                lastSeq, nextSeq, changed.started() && !before.started(), changed.ended() ? last : null);
    }
}
