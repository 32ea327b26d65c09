package io.handfast.sim.world;

import io.handfast.log.Entry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table "Events: the log of a thread" of spec/protocol.md, read independently of the code that it judges: takes the events of
 * one log as they are committed.
 */
final class RunRules {
    private static final Set<String> TERMINAL = Set.of("agent_completed", "agent_error", "agent_cancelled");
    private static final Set<String> FREE = Set.of("agent_thinking", "agent_response_chunk", "custom");

    private final Laws laws;
    private final String threadId;
    private final Map<String, RunSoFar> runs = new HashMap<>();
    private final Set<String> messages = new HashSet<>();

    /** One run, as far as its events tell. */
    static final class RunSoFar {
        private boolean opened;
        private boolean started;
        private final StringBuilder answer = new StringBuilder();
        private final Set<String> openTools = new LinkedHashSet<>();
        private final Set<String> tools = new HashSet<>();

        @Nullable
        String terminal;
    }

    RunRules(Laws laws, String threadId) {
        this.laws = laws;
        this.threadId = threadId;
    }

    Map<String, RunSoFar> runs() {
        return runs;
    }

    void event(Entry entry) {
        Map<?, ?> event = JsonFrame.members(entry.json());
        String at = threadId + " seq " + entry.seq() + ": ";
        expect(Long.valueOf(entry.seq()).equals(event.get("seq")), "an event names its seq", at + event.get("seq"));
        expect(threadId.equals(event.get("thread_id")), "an event names its thread", at + event.get("thread_id"));
        String type = String.valueOf(event.get("type"));
        String runId = String.valueOf(event.get("run_id"));
        Map<?, ?> payload = event.get("payload") instanceof Map<?, ?> map ? map : Map.of();
        RunSoFar run = runs.computeIfAbsent(runId, id -> new RunSoFar());
        if (type.equals("user_message")) {
            String messageId = String.valueOf(payload.get("message_id"));
            expect(messages.add(messageId), "one run for each message id", at + messageId + " again, for " + runId);
            expect(!run.opened && !run.started, "a run is opened once", at + runId);
            run.opened = true;
            return;
        }
        expect(
                run.terminal == null,
                "nothing follows the terminal event of a run",
                at + type + " of " + runId + " behind " + run.terminal);
        boolean first = type.equals("agent_started");
        expect(run.started != first, "agent_started is the first event of a run, once", at + type + " of " + runId);
        if (first) {
            run.started = true;
        } else if (TERMINAL.contains(type)) {
            run.terminal = type;
            expect(run.openTools.isEmpty(), "tool calls are closed before the end", at + runId + " " + run.openTools);
            expect(
                    !type.equals("agent_completed") || run.answer.toString().equals(payload.get("text")),
                    "the answer is that of the chunks",
                    at + payload.get("text") + " instead of " + run.answer);
        } else if (type.equals("tool_executing")) {
            String id = String.valueOf(payload.get("tool_call_id"));
            expect(run.tools.add(id), "a tool call begins once", at + id);
            run.openTools.add(id);
        } else if (type.equals("tool_completed")) {
            String id = String.valueOf(payload.get("tool_call_id"));
            expect(run.openTools.remove(id), "a tool call ends once", at + id);
        } else {
            expect(FREE.contains(type), "the types of events are those of the protocol", at + type);
            if (type.equals("agent_response_chunk")) {
                run.answer.append(payload.get("text"));
            }
        }
    }

    private void expect(boolean holds, String law, String otherwise) {
        laws.expect(holds, law, () -> otherwise);
    }
}
