package io.handfast.run;

import io.handfast.agent.AgentEvents;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What an agent emits into: the agent's thread waits while the run is full. A lock, not a monitor: virtual threads wait here. */
final class BlockingEvents implements AgentEvents {
    private final String runId;
    private final RunFeed feed;
    private final ReentrantLock emitting = new ReentrantLock();
    private final Condition room = emitting.newCondition();

    BlockingEvents(String runId, RunFeed feed) {
        this.runId = runId;
        this.feed = feed;
    }

    @Override
    public void thinking(String text) {
        emit(new Emission.Thinking(Objects.requireNonNull(text, "text")));
    }

    @Override
    public void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
        emit(new Emission.ToolExecuting(
                Objects.requireNonNull(toolCallId, "toolCallId"),
                Objects.requireNonNull(toolName, "toolName"),
                Objects.requireNonNull(arguments, "arguments")));
    }

    @Override
    public void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result) {
        emit(new Emission.ToolCompleted(
                Objects.requireNonNull(toolCallId, "toolCallId"), Objects.requireNonNull(status, "status"), result));
    }

    @Override
    public void chunk(String text) {
        emit(new Emission.Chunk(Objects.requireNonNull(text, "text")));
    }

    @Override
    public void custom(String name, @Nullable Object value) {
        emit(new Emission.Custom(Objects.requireNonNull(name, "name"), value));
    }

    @Override
    public void usage(Map<String, ?> usage) {
        feed.usage(Objects.requireNonNull(usage, "usage"));
    }

    @Override
    public void pending(List<? extends Map<String, ?>> pending) {
        feed.pending(Objects.requireNonNull(pending, "pending"));
    }

    private void emit(Emission emission) {
        emitting.lock();
        try {
            while (!taken(emission)) {
                room.awaitUninterruptibly(); // the end of the run signals too; the interrupt stays the agent's to see
            }
        } finally {
            emitting.unlock();
        }
    }

    private boolean taken(Emission emission) {
        return switch (feed.offer(emission)) {
            case TAKEN -> true;
            case FULL -> false;
            case ENDED -> throw new RunEndedException(runId);
        };
    }

    /** The run has room again, or has ended. */
    void room() {
        emitting.lock();
        try {
            room.signalAll();
        } finally {
            emitting.unlock();
        }
    }
}
