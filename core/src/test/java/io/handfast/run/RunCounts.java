package io.handfast.run;

import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Counts what runs report. */
final class RunCounts implements RunObserver {
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger late = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    final List<EventType> ended = new ArrayList<>();
    final List<Throwable> thrown = new ArrayList<>();
    Consumer<EventType> whenEnded = terminal -> {};

    @Override
    public void started(String runId, String agent) {
        started.incrementAndGet();
    }

    @Override
    public synchronized void ended(String runId, String agent, EventType terminal, long durationNanos) {
        ended.add(terminal);
        whenEnded.accept(terminal);
    }

    @Override
    public void lateEvent(String runId, String agent) {
        late.incrementAndGet();
    }

    @Override
    public synchronized void agentThrew(String runId, String agent, Throwable cause) {
        thrown.add(cause);
    }

    @Override
    public void appendRefused(String runId, String message) {
        refused.incrementAndGet();
    }
}
