package io.handfast.agents.agui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run waits for, {@code pending} of {@code agent_completed}, as the outcome of {@code RUN_FINISHED}. */
final class AguiPending {
    private AguiPending() {}

    static Map<String, Object> outcome(@Nullable Object pending) {
        List<Object> interrupts = new ArrayList<>();
        List<Object> toolCallIds = new ArrayList<>();
        if (pending instanceof List<?> list) {
            for (Object one : list) {
                if (!(one instanceof Map<?, ?> fields)) {
                    continue;
                }
                if (fields.get("tool_call_id") instanceof String id) {
                    toolCallIds.add(id);
                } else {
                    interrupts.add(interrupt(fields, interrupts.size() + 1));
                }
            }
        }
        Map<String, Object> outcome = new LinkedHashMap<>();
        if (!interrupts.isEmpty()) {
            outcome.put("type", "interrupt");
            outcome.put("interrupts", interrupts);
        } else {
            outcome.put("type", "success");
            if (!toolCallIds.isEmpty()) {
                outcome.put("pendingToolCallIds", toolCallIds);
            }
        }
        return outcome;
    }

    /** An interrupt as it came; what an agent of another kind waits for gets the fields that AG-UI asks for. */
    private static Map<String, Object> interrupt(Map<?, ?> pending, int number) {
        Map<String, Object> interrupt = new LinkedHashMap<>();
        if (pending.get("interrupt") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> interrupt.put(String.valueOf(name), value));
        } else {
            interrupt.put("metadata", pending);
        }
        interrupt.putIfAbsent("id", "interrupt-" + number);
        interrupt.putIfAbsent("reason", String.valueOf(pending.get("kind")));
        return interrupt;
    }
}
