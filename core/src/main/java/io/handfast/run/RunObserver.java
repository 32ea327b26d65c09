package io.handfast.run;

import io.handfast.protocol.EventType;

/** Told what happens to runs, for metrics and logs. Called on any thread; returns quickly and throws nothing. */
public interface RunObserver {
    /** An agent began to work. */
    void started(String runId, String agent);

    /**
     * A run's terminal event is durable.
     *
     * @param durationNanos since the agent began; 0 for a run that never began
     */
    void ended(String runId, String agent, EventType terminal, long durationNanos);

    /** An agent emitted something after the end of its run. */
    void lateEvent(String runId, String agent);

    /** A run failed because of what an agent threw. */
    void agentThrew(String runId, String agent, Throwable cause);

    /** The log did not take events of a run; they are tried again. */
    void appendRefused(String runId, String message);

    /** Watches nothing. */
    RunObserver NONE = new RunObserver() {
        @Override
        public void started(String runId, String agent) {}

        @Override
        public void ended(String runId, String agent, EventType terminal, long durationNanos) {}

        @Override
        public void lateEvent(String runId, String agent) {}

        @Override
        public void agentThrew(String runId, String agent, Throwable cause) {}

        @Override
        public void appendRefused(String runId, String message) {}
    };
}
