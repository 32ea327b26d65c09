package io.handfast.run;

import io.handfast.log.Cursor;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadSummary;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A log that refuses appends when it is told to, and remembers how big the batches were. */
final class FlakyLog implements ThreadLog {
    private final ThreadLog log;
    final List<Integer> batchSizes = Collections.synchronizedList(new ArrayList<>());
    private BooleanSupplier refuses = () -> false;
    private ErrorCode code = ErrorCode.UNAVAILABLE;
    private boolean throwing;
    private boolean refusesWhatItOpens;
    private boolean answersHeld;
    private final List<Runnable> heldAnswers = new ArrayList<>();

    FlakyLog(ThreadLog log) {
        this.log = log;
    }

    void refuseWhile(BooleanSupplier refuses) {
        this.refuses = refuses;
    }

    void refuseWith(ErrorCode code) {
        this.code = code;
    }

    void throwInstead() {
        throwing = true;
    }

    /** Runs are opened from now on, and their producers are told that they are not. */
    void refuseWhatItOpens() {
        refusesWhatItOpens = true;
    }

    /** Answers to posts wait from now on. */
    void holdAnswersToPosts() {
        answersHeld = true;
    }

    /** Gives the answers that wait, the last one first. */
    void answerPostsBackwards() {
        answersHeld = false;
        List<Runnable> answers = List.copyOf(heldAnswers);
        heldAnswers.clear();
        for (int i = answers.size() - 1; i >= 0; i--) {
            answers.get(i).run();
        }
    }

    @Override
    public CompletionStage<Outcome<Posted>> post(Post post) {
        if (refuses.getAsBoolean()) {
            return CompletableFuture.completedStage(Outcome.refused(code, "told to"));
        }
        CompletionStage<Outcome<Posted>> answer = log.post(post);
        if (!answersHeld) {
            return answer;
        }
        CompletableFuture<Outcome<Posted>> held = new CompletableFuture<>();
        heldAnswers.add(() -> answer.thenAccept(held::complete));
        return held;
    }

    @Override
    public CompletionStage<Outcome<Appended>> append(String threadId, String runId, List<EventDraft> events) {
        if (refuses.getAsBoolean()) {
            if (throwing) {
                throw new StackOverflowError();
            }
            return CompletableFuture.completedStage(Outcome.refused(code, "told to"));
        }
        batchSizes.add(events.size());
        return log.append(threadId, runId, events);
    }

    @Override
    public CompletionStage<Outcome<Opened>> open(Opening opening) {
        if (refusesWhatItOpens) {
            return log.open(opening).thenApply(opened -> Outcome.refused(code, "told to"));
        }
        return refuses.getAsBoolean()
                ? CompletableFuture.completedStage(Outcome.refused(code, "told to"))
                : log.open(opening);
    }

    @Override
    public CompletionStage<Outcome<Published>> publish(Batched batch) {
        return refuses.getAsBoolean()
                ? CompletableFuture.completedStage(Outcome.refused(code, "told to"))
                : log.publish(batch);
    }

    @Override
    public CompletionStage<Outcome<Expiry>> expire(String threadId, String runId) {
        return refuses.getAsBoolean()
                ? CompletableFuture.completedStage(Outcome.refused(code, "told to"))
                : log.expire(threadId, runId);
    }

    @Override
    public CompletionStage<Outcome<Progress>> progress(String threadId, String runId, long afterSeq) {
        return refuses.getAsBoolean()
                ? CompletableFuture.completedStage(Outcome.refused(code, "told to"))
                : log.progress(threadId, runId, afterSeq);
    }

    @Override
    public CompletionStage<Outcome<ThreadHead>> claim(String threadId, String userId) {
        return log.claim(threadId, userId);
    }

    @Override
    public CompletionStage<Outcome<Optional<ThreadHead>>> head(String threadId) {
        return log.head(threadId);
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> run(String runId) {
        return log.run(runId);
    }

    @Override
    public CompletionStage<Outcome<RunRecord>> runOfMessage(String threadId, String messageId) {
        return log.runOfMessage(threadId, messageId);
    }

    @Override
    public CompletionStage<Outcome<Boolean>> delete(String threadId, String userId) {
        return log.delete(threadId, userId);
    }

    @Override
    public CompletionStage<Outcome<List<ThreadSummary>>> threads(
            String userId, @Nullable ThreadSummary after, int limit) {
        return log.threads(userId, after, limit);
    }

    @Override
    public CompletionStage<Outcome<List<RunRecord>>> openRuns() {
        return refuses.getAsBoolean()
                ? CompletableFuture.completedStage(Outcome.refused(code, "told to"))
                : log.openRuns();
    }

    @Override
    public Slice tail(String threadId, Cursor after, int maxBytes) {
        return log.tail(threadId, after, maxBytes);
    }

    @Override
    public CompletionStage<Slice> load(String threadId, Cursor after, int maxBytes) {
        return log.load(threadId, after, maxBytes);
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
