package io.handfast.run;

import io.handfast.log.Entry;
import io.handfast.protocol.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An independent reading of the table "Events: the log of a thread" of spec/protocol.md: it takes the events of one thread as
 * readers get them, and tells everything that is not legal. It shares no rule with the code that it checks.
 */
public final class RunGrammar {
    private static final Set<String> TERMINAL = Set.of("agent_completed", "agent_error", "agent_cancelled");

    private final Map<String, RunSoFar> runs = new LinkedHashMap<>();
    private final List<String> violations = new ArrayList<>();
    private long lastSeq;

    private static final class RunSoFar {
        boolean hasMessage;
        boolean started;
        boolean worked;

        @Nullable
        String terminal;

        final StringBuilder answer = new StringBuilder();
        final Set<String> openTools = new LinkedHashSet<>();
        final Set<String> toolCalls = new LinkedHashSet<>();
        final Map<String, Object> toolNames = new HashMap<>();
    }

    private RunGrammar(long firstSeq) {
        lastSeq = firstSeq - 1;
    }

    /**
     * What is wrong with a thread's events; empty when they are legal and every run has ended.
     *
     * @param entries all events of the thread from its first on
     */
    public static List<String> violations(List<Entry> entries) {
        List<String> violations = openViolations(entries);
        RunGrammar grammar = read(entries);
        grammar.runs.forEach((id, run) -> {
            if (run.terminal == null) {
                violations.add("run " + id + " has no terminal event");
            }
        });
        return violations;
    }

    /** The same for a thread whose runs may still be under way. */
    public static List<String> openViolations(List<Entry> entries) {
        return new ArrayList<>(read(entries).violations);
    }

    private static RunGrammar read(List<Entry> entries) {
        RunGrammar grammar = new RunGrammar(1);
        for (Entry entry : entries) {
            grammar.event(entry);
        }
        return grammar;
    }

    private void event(Entry entry) {
        Map<?, ?> event = object(entry);
        if (event == null) {
            violations.add(entry.seq() + ": not a JSON object");
            return;
        }
        Object seq = event.get("seq");
        expect(Long.valueOf(lastSeq + 1).equals(seq), "seq " + seq + " follows " + lastSeq);
        lastSeq++;
        String type = String.valueOf(event.get("type"));
        Map<?, ?> payload = event.get("payload") instanceof Map<?, ?> map ? map : Map.of();
        expect(event.get("payload") instanceof Map<?, ?>, lastSeq + ": no payload");
        expect(event.get("timestamp") instanceof Number, lastSeq + ": no timestamp");
        if (!(event.get("run_id") instanceof String runId)) {
            expect(false, lastSeq + ": " + type + " without run_id");
            return;
        }
        RunSoFar run = runs.computeIfAbsent(runId, id -> new RunSoFar());
        if (type.equals("user_message")) {
            expect(!run.hasMessage && !run.started, lastSeq + ": a second opening of run " + runId);
            run.hasMessage = true;
            return;
        }
        expect(run.terminal == null, lastSeq + ": " + type + " follows " + run.terminal + " of run " + runId);
        expect(run.started != type.equals("agent_started"), lastSeq + ": " + type + " while started=" + run.started);
        member(runId, run, type, payload);
    }

    private void member(String runId, RunSoFar run, String type, Map<?, ?> payload) {
        String at = lastSeq + ": run " + runId + ": ";
        if (TERMINAL.contains(type)) {
            run.terminal = type;
            expect(run.openTools.isEmpty(), at + type + " with open tool calls " + run.openTools);
        }
        switch (type) {
            case "agent_started" -> {
                run.started = true;
                expect(payload.get("agent") instanceof String, at + "no agent");
                expect(run.hasMessage == payload.containsKey("message_id"), at + "message_id");
            }
            case "agent_thinking" -> {
                turn(runId, run);
                expect(payload.get("text") instanceof String, at + "no text");
            }
            case "agent_response_chunk" -> {
                turn(runId, run);
                run.answer.append(payload.get("text"));
            }
            case "tool_executing" -> {
                turn(runId, run);
                String id = String.valueOf(payload.get("tool_call_id"));
                expect(run.toolCalls.add(id), at + "tool call " + id + " twice");
                run.openTools.add(id);
                run.toolNames.put(id, String.valueOf(payload.get("tool_name")));
                expect(payload.get("arguments") instanceof Map<?, ?>, at + "no arguments");
            }
            case "tool_completed" -> {
                String id = String.valueOf(payload.get("tool_call_id"));
                expect(run.openTools.remove(id), at + "tool call " + id + " completed but not open");
                expect(String.valueOf(payload.get("tool_name")).equals(run.toolNames.get(id)), at + "tool_name");
                expect(List.of("ok", "error", "aborted").contains(payload.get("status")), at + "status");
                expect(payload.get("duration_ms") instanceof Number n && n.longValue() >= 0, at + "duration_ms");
                expect(payload.containsKey("result"), at + "no result");
            }
            case "agent_completed" -> {
                // A producer outside may tell the whole answer and no piece of it.
                expect(
                        !run.hasMessage || run.answer.toString().equals(payload.get("text")),
                        at + "text is not that of the chunks");
                expect(payload.get("text") instanceof String, at + "no text");
                expect(payload.get("duration_ms") instanceof Number n && n.longValue() >= 0, at + "duration_ms");
            }
            case "agent_error" -> {
                expect(payload.get("code") instanceof String, at + "no code");
                expect(payload.get("message") instanceof String, at + "no message");
                expect(payload.get("retryable") instanceof Boolean, at + "no retryable");
            }
            case "agent_cancelled" -> expect(payload.get("by") instanceof String, at + "no by");
            case "custom" -> turn(runId, run);
            default -> expect(false, at + "unknown type " + type);
        }
    }

    /** Runs that messages opened work in the order of the messages: none before the one before it is done. */
    private void turn(String runId, RunSoFar run) {
        if (!run.hasMessage || run.worked) {
            return;
        }
        run.worked = true;
        for (Map.Entry<String, RunSoFar> earlier : runs.entrySet()) {
            if (earlier.getValue() == run) {
                return;
            }
            expect(
                    !earlier.getValue().hasMessage || earlier.getValue().terminal != null,
                    lastSeq + ": run " + runId + " works while " + earlier.getKey() + " is open");
        }
    }

    private void expect(boolean legal, String otherwise) {
        if (!legal) {
            violations.add(otherwise);
        }
    }

    private static @Nullable Map<?, ?> object(Entry entry) {
        try {
            return Json.read(entry.json()) instanceof Map<?, ?> map ? map : null;
        } catch (Json.MalformedJsonException e) {
            return null;
        }
    }
}
