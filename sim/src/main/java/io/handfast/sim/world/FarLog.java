package io.handfast.sim.world;

import io.handfast.log.Cursor;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadSummary;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A log whose answers take their time, and overtake each other, as those of a log on another machine do. */
final class FarLog implements ThreadLog {
    private final ThreadLog log;
    private final Agenda agenda;
    private final Life life;
    private final Dice dice;
    private final int latePercent;

    FarLog(ThreadLog log, Agenda agenda, Life life, Dice dice) {
        this.log = log;
        this.agenda = agenda;
        this.life = life;
        this.dice = dice;
        this.latePercent = dice.of(0, 0, 30);
    }

    private <T> CompletionStage<T> late(CompletionStage<T> answer) {
        CompletableFuture<T> arrived = new CompletableFuture<>();
        CompletionStage<Void> unused = answer.thenAccept(value -> {
            if (life.over()) {
                return;
            }
            if (dice.chance(latePercent)) {
                agenda.in(dice.millis(0, dice.oneIn(10) ? 1_000 : 30), life, () -> arrived.complete(value));
            } else {
                arrived.complete(value);
            }
        });
        return arrived;
    }

    @Override
    public CompletionStage<Outcome<ThreadHead>> claim(String threadId, String userId) {
        return late(log.claim(threadId, userId));
    }

    @Override
    public CompletionStage<Outcome<Optional<ThreadHead>>> head(String threadId) {
        return late(log.head(threadId));
    }

    @Override
    public CompletionStage<Outcome<Posted>> post(Post post) {
        return late(log.post(post));
    }

    @Override
    public CompletionStage<Outcome<Appended>> append(String threadId, String runId, List<EventDraft> events) {
        return late(log.append(threadId, runId, events));
    }

    @Override
    public CompletionStage<Outcome<Opened>> open(Opening opening) {
        return late(log.open(opening));
    }

    @Override
    public CompletionStage<Outcome<Published>> publish(Batched batch) {
        return late(log.publish(batch));
    }

    @Override
    public CompletionStage<Outcome<Expiry>> expire(String threadId, String runId) {
        return late(log.expire(threadId, runId));
    }

    @Override
    public CompletionStage<Outcome<Progress>> progress(String threadId, String runId, long afterSeq) {
        return late(log.progress(threadId, runId, afterSeq));
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> run(String runId) {
        return late(log.run(runId));
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> runOfMessage(String threadId, String messageId) {
        return late(log.runOfMessage(threadId, messageId));
    }

    @Override
    public CompletionStage<Outcome<Boolean>> delete(String threadId, String userId) {
        return late(log.delete(threadId, userId));
    }

    @Override
    public CompletionStage<Outcome<List<ThreadSummary>>> threads(
            String userId, @Nullable ThreadSummary after, int limit) {
        return late(log.threads(userId, after, limit));
    }

    @Override
    public CompletionStage<Outcome<List<RunRecord>>> openRuns() {
        return late(log.openRuns());
    }

    @Override
    public Slice tail(String threadId, Cursor after, int maxBytes) {
        return log.tail(threadId, after, maxBytes);
    }

    @Override
    public CompletionStage<Slice> load(String threadId, Cursor after, int maxBytes) {
        return late(log.load(threadId, after, maxBytes));
    }

    @Override
    public Watch watch(HeadWatcher watcher) {
        return log.watch(watcher);
    }

    @Override
    public void close() {
        log.close();
    }
}
