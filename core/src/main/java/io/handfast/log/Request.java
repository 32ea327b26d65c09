package io.handfast.log;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Something that waits for the writer. It is decided in a batch, and answered when the batch is committed. */
abstract class Request<T> {
    private static final long OVERHEAD_BYTES = 200;

    private final CompletableFuture<Outcome<T>> stage = new CompletableFuture<>();
    private @Nullable Outcome<T> decided;

    /** Decides what becomes of it. Changes the workspace only when nothing can go wrong any more. */
    abstract Outcome<T> decide(Workspace workspace) throws StoreException;

    /** About how much memory it holds while it waits. */
    long bytes() {
        return OVERHEAD_BYTES;
    }

    /** Whether it needs a batch of its own. */
    boolean alone() {
        return false;
    }

    final CompletionStage<Outcome<T>> stage() {
        return stage;
    }

    final void decideIn(Workspace workspace, LogObserver observer) {
        try {
            decided = decide(workspace);
        } catch (StoreException e) {
            observer.readFailed(e);
            decided = Outcome.refused(ErrorCode.UNAVAILABLE, StoreException.told(e));
        }
    }

    final void complete() {
        if (decided != null) {
            stage.complete(decided);
        }
    }

    final void refuse(String why) {
        stage.complete(Outcome.refused(ErrorCode.UNAVAILABLE, why));
    }
}
