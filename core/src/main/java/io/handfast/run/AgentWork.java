package io.handfast.run;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentRequest;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent is to answer: the message that opens a run. */
@SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
record AgentWork(
        Agent agent,
        String messageId,
        String text,
        byte @Nullable [] optionsJson,
        @Nullable String traceparent) {

    /** @throws IllegalArgumentException when they are no JSON object */
    @SuppressWarnings("unchecked") // Json makes objects with string keys
    Map<String, Object> options() {
        if (optionsJson == null) {
            return Map.of();
        }
        try {
            if (Json.read(optionsJson) instanceof Map<?, ?> options) {
                return (Map<String, Object>) options;
            }
        } catch (Json.MalformedJsonException e) {
            throw new IllegalArgumentException("options are not JSON: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("options must be an object");
    }

    AgentRequest request(ThreadLog log, Run.Task task, Map<String, Object> options) {
        return new Request(log, task, this, new LinkedHashMap<>(options));
    }

    private record Request(ThreadLog log, Run.Task task, AgentWork work, Map<String, Object> options)
            implements AgentRequest {
        @Override
        public String threadId() {
            return task.threadId();
        }

        @Override
        public String runId() {
            return task.runId();
        }

        @Override
        public String userId() {
            return task.userId();
        }

        @Override
        public String messageId() {
            return work.messageId();
        }

        @Override
        public String text() {
            return work.text();
        }

        @Override
        public List<Turn> history() {
            return new History(log, task.threadId(), task.runId()).turns();
        }

        @Override
        public List<Map<String, Object>> pending() {
            return new History(log, task.threadId(), task.runId()).pending(task.agentName());
        }

        @Override
        public @Nullable String traceparent() {
            return work.traceparent();
        }
    }
}
