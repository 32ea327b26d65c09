package io.handfast.agents.agui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** AG-UI's {@code usage} (one entry for each provider and model) as the {@code usage} of {@code agent_completed}. */
final class UpstreamUsage {
    private static final Map<String, String> COUNTS = counts();

    private UpstreamUsage() {}

    private static Map<String, String> counts() {
        Map<String, String> counts = new LinkedHashMap<>();
        counts.put("inputTokens", "input_tokens");
        counts.put("outputTokens", "output_tokens");
        counts.put("totalTokens", "total_tokens");
        counts.put("reasoningTokens", "reasoning_tokens");
        counts.put("cachedInputTokens", "cached_input_tokens");
        counts.put("cacheWriteInputTokens", "cache_write_input_tokens");
        return counts;
    }

    /** The counts summed over the entries, and the entries themselves when there are several; null when nothing is told. */
    static @Nullable Map<String, Object> of(@Nullable Object usage) {
        if (!(usage instanceof List<?> entries) || entries.isEmpty()) {
            return null;
        }
        Map<String, Object> summed = new LinkedHashMap<>();
        if (entries.size() == 1 && entries.get(0) instanceof Map<?, ?> only) {
            label(only, "provider", summed);
            label(only, "model", summed);
        }
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> counted) {
                COUNTS.forEach((theirs, ours) -> {
                    if (counted.get(theirs) instanceof Long count) {
                        summed.merge(ours, count, (a, b) -> (Long) a + (Long) b);
                    }
                });
            }
        }
        if (entries.size() > 1) {
            summed.put("by_model", entries);
        }
        return summed;
    }

    /** The inverse: {@code usage} of {@code agent_completed} as AG-UI tells it; null when nothing can be told. */
    static @Nullable List<Object> told(@Nullable Object usage) {
        if (!(usage instanceof Map<?, ?> counts)) {
            return null;
        }
        if (counts.get("by_model") instanceof List<?> entries) {
            return new ArrayList<>(entries);
        }
        Map<String, Object> entry = new LinkedHashMap<>();
        label(counts, "provider", entry);
        label(counts, "model", entry);
        COUNTS.forEach((theirs, ours) -> {
            if (counts.get(ours) instanceof Long count) {
                entry.put(theirs, count);
            }
        });
        return entry.isEmpty() ? null : List.of(entry);
    }

    private static void label(Map<?, ?> entry, String name, Map<String, Object> target) {
        if (entry.get(name) instanceof String label) {
            target.put(name, label);
        }
    }
}
