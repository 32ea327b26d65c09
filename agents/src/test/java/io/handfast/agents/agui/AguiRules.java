package io.handfast.agents.agui;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of sequence of AG-UI 1.0 as a client checks them, written down independently of the code that keeps them: a run
 * begins with {@code RUN_STARTED} and ends with one end, nothing is open then, and nothing goes on that was not begun.
 */
public final class AguiRules {
    private final List<String> violations = new ArrayList<>();
    private final Set<String> open = new LinkedHashSet<>();
    private boolean begun;
    private boolean ended;

    /** What is wrong with the events of a stream that was read to its end. */
    public static List<String> violations(List<AguiEvent> events) {
        AguiRules rules = new AguiRules();
        events.forEach(rules::take);
        rules.expect(rules.ended, "no end");
        return rules.violations;
    }

    private void take(AguiEvent event) {
        String name = event.name();
        expect(begun != name.equals("RUN_STARTED"), name + " while begun=" + begun);
        expect(!ended, name + " after the end");
        begun = true;
        switch (name) {
            case "TEXT_MESSAGE_START" -> begin("message", text(event, "messageId"));
            case "TEXT_MESSAGE_CONTENT" -> goOn("message", text(event, "messageId"), text(event, "delta"));
            case "TEXT_MESSAGE_END" -> end("message", text(event, "messageId"));
            case "TOOL_CALL_START" -> begin("call", text(event, "toolCallId"));
            case "TOOL_CALL_ARGS" -> goOn("call", text(event, "toolCallId"), text(event, "delta"));
            case "TOOL_CALL_END" -> end("call", text(event, "toolCallId"));
            case "REASONING_START" -> begin("reasoning", text(event, "messageId"));
            case "REASONING_END" -> end("reasoning", text(event, "messageId"));
            case "REASONING_MESSAGE_START" -> begin("thought", text(event, "messageId"));
            case "REASONING_MESSAGE_CONTENT" -> goOn("thought", text(event, "messageId"), text(event, "delta"));
            case "REASONING_MESSAGE_END" -> end("thought", text(event, "messageId"));
            case "RUN_FINISHED" -> {
                expect(open.isEmpty(), "RUN_FINISHED while open: " + open);
                ended = true;
            }
            case "RUN_ERROR" -> ended = true;
            default -> {}
        }
    }

    private static String text(AguiEvent event, String field) {
        return String.valueOf(event.string(field));
    }

    private void begin(String kind, String id) {
        expect(open.add(kind + " " + id), kind + " " + id + " begun twice");
    }

    private void goOn(String kind, String id, String delta) {
        expect(open.contains(kind + " " + id), kind + " " + id + " goes on, and was not begun");
        expect(!delta.isEmpty(), "an empty delta");
    }

    private void end(String kind, String id) {
        expect(open.remove(kind + " " + id), kind + " " + id + " ended, and was not begun");
    }

    private void expect(boolean legal, String otherwise) {
        if (!legal) {
            violations.add(otherwise);
        }
    }
}
