package io.handfast.netty.http;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Brings answers back to the loop that asked (docs/threads.md, rule 2). */
public final class Stages {
    private Stages() {}

    /**
     * Gives the stage's value to {@code then} on the executor: at once when it is there already.
     *
     * @param stage one that never completes exceptionally
     */
    public static <T> void onLoop(EventExecutor executor, CompletionStage<T> stage, Consumer<T> then) {
        stage.thenAccept(value -> {
            if (executor.inEventLoop()) {
                then.accept(value);
            } else {
                executor.execute(() -> then.accept(value));
            }
        });
    }
}
