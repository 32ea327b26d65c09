package io.handfast.agents.model;

import io.handfast.agents.upstream.UpstreamLimits;
import io.handfast.protocol.Ids;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A chat model as an agent, as configured (docs/agents-models.md).
 *
 * @param name by which clients choose it: an id of spec/protocol.md
 * @param description one sentence for people who choose
 * @param baseUrl of an endpoint that speaks OpenAI's chat completions, {@code …/v1} as a rule
 * @param model the model's name at that endpoint
 * @param apiKey refers to the environment, see {@link io.handfast.agents.upstream.Secrets}; null for an endpoint without
 * @param systemPrompt what the model is told before everything else; null for nothing
 * @param temperature null for the model's default
 * @param maxOutputTokens of one answer; null for the model's default
 * @param maxToolRounds how often in one run the model may ask for tools before it must answer
 * @param historyTurnsMax how many earlier messages are sent, the latest
 */
public record ModelConfig(
        String name,
        String description,
        URI baseUrl,
        String model,
        @Nullable String apiKey,
        @Nullable String systemPrompt,
        @Nullable Double temperature,
        @Nullable Integer maxOutputTokens,
        int maxToolRounds,
        int historyTurnsMax,
        UpstreamLimits limits) {
    public static final URI OPENAI = URI.create("https://api.openai.com/v1");
    public static final String DEFAULT_MODEL = "gpt-4.1-mini";
    public static final int MAX_TOOL_ROUNDS = 8;
    public static final int HISTORY_TURNS_MAX = 40;

    /** @throws IllegalArgumentException for a value out of range; the message names it and what is allowed */
    public ModelConfig {
        if (!Ids.valid(name)) {
            throw new IllegalArgumentException("agent name '" + name + "': must be " + Ids.ALLOWED);
        }
        String scheme = baseUrl.getScheme();
        if (baseUrl.getHost() == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            throw new IllegalArgumentException(
                    "agent " + name + ": base-url '" + baseUrl + "': must be http:// or https:// with a host");
        }
        if (model.isBlank()) {
            throw new IllegalArgumentException("agent " + name + ": model: must not be empty");
        }
        if (maxToolRounds < 0) {
            throw new IllegalArgumentException(
                    "agent " + name + ": max-tool-rounds " + maxToolRounds + ": must be at least 0");
        }
        if (historyTurnsMax < 0) {
            throw new IllegalArgumentException(
                    "agent " + name + ": history-turns-max " + historyTurnsMax + ": must be at least 0");
        }
        if (maxOutputTokens != null && maxOutputTokens < 1) {
            throw new IllegalArgumentException(
                    "agent " + name + ": max-output-tokens " + maxOutputTokens + ": must be at least 1");
        }
    }

    /** With the defaults for everything else. */
    public static ModelConfig ofDefaults(String name, URI baseUrl, String model, @Nullable String apiKey) {
        return new ModelConfig(
                name,
                "The model " + model + ".",
                baseUrl,
                model,
                apiKey,
                null,
                null,
                null,
                MAX_TOOL_ROUNDS,
                HISTORY_TURNS_MAX,
                UpstreamLimits.DEFAULTS);
    }
}
