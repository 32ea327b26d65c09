package io.handfast.agents.agui;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why a run finished: {@code outcome} of {@code RUN_FINISHED}. */
sealed interface AguiOutcome {
    /** It is done. {@code pendingToolCallIds} is empty when none are named. */
    record Success(List<String> pendingToolCallIds) implements AguiOutcome {}

    /** It waits for something from outside. */
    record Interrupted(List<Map<?, ?>> interrupts) implements AguiOutcome {}

    record Cancelled() implements AguiOutcome {}

    /** One that 1.0 does not know. */
    record Unknown() implements AguiOutcome {}

    static AguiOutcome of(AguiEvent finished) throws MalformedAguiException {
        Object outcome = finished.fields().get("outcome");
        if (outcome == null) {
            return new Success(List.of());
        }
        Map<?, ?> fields = outcome instanceof Map<?, ?> object ? object : Map.of();
        Object type = outcome instanceof Map<?, ?> ? fields.get("type") : outcome; // drafts of 0.x had a plain string
        if (!(type instanceof String name)) {
            throw new MalformedAguiException("RUN_FINISHED with a malformed outcome: must be an object with a type");
        }
        return switch (name) {
            case "success" -> new Success(toolCallIds(fields.get("pendingToolCallIds")));
            case "interrupt" ->
                outcome instanceof String
                        ? new Interrupted(draft(finished.fields().get("interrupt")))
                        : new Interrupted(interrupts(fields.get("interrupts")));
            case "cancelled" -> new Cancelled();
            default -> new Unknown();
        };
    }

    private static List<String> toolCallIds(@Nullable Object ids) throws MalformedAguiException {
        List<String> all = new ArrayList<>();
        if (ids instanceof List<?> list) {
            for (Object id : list) {
                if (!(id instanceof String text)) {
                    throw new MalformedAguiException("RUN_FINISHED with malformed pendingToolCallIds: must be strings");
                }
                all.add(text);
            }
        } else if (ids != null) {
            throw new MalformedAguiException("RUN_FINISHED with malformed pendingToolCallIds: must be an array");
        }
        return all;
    }

    private static List<Map<?, ?>> interrupts(@Nullable Object interrupts) throws MalformedAguiException {
        List<Map<?, ?>> all = new ArrayList<>();
        if (interrupts instanceof List<?> list) {
            for (Object interrupt : list) {
                if (!(interrupt instanceof Map<?, ?> object) || !(object.get("id") instanceof String)) {
                    throw new MalformedAguiException(
                            "RUN_FINISHED with a malformed interrupt: must be an object with an id");
                }
                all.add(object);
            }
        }
        if (all.isEmpty()) {
            throw new MalformedAguiException("RUN_FINISHED with outcome interrupt must have interrupts, at least one");
        }
        return all;
    }

    private static List<Map<?, ?>> draft(@Nullable Object interrupt) {
        return List.of(interrupt instanceof Map<?, ?> object ? object : Map.of());
    }
}
