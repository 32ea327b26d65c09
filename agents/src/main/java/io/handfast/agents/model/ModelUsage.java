package io.handfast.agents.model;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.TokenUsage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tokens of a run, over all rounds, as {@code usage} of {@code agent_completed} tells them. */
final class ModelUsage {
    private final Map<String, Object> counts = new LinkedHashMap<>();

    void add(ChatResponse response) {
        TokenUsage usage = response.tokenUsage();
        if (usage == null) {
            return;
        }
        if (response.modelName() != null) {
            counts.put("model", response.modelName());
        }
        add("input_tokens", usage.inputTokenCount());
        add("output_tokens", usage.outputTokenCount());
        add("total_tokens", usage.totalTokenCount());
        if (usage instanceof OpenAiTokenUsage details) {
            if (details.outputTokensDetails() != null) {
                add("reasoning_tokens", details.outputTokensDetails().reasoningTokens());
            }
            if (details.inputTokensDetails() != null) {
                add("cached_input_tokens", details.inputTokensDetails().cachedTokens());
            }
        }
    }

    /** Empty when the service told nothing. */
    Map<String, Object> counts() {
        return counts;
    }

    private void add(String name, @Nullable Integer count) {
        if (count != null) {
            counts.merge(name, count.longValue(), (a, b) -> (Long) a + (Long) b);
        }
    }
}
