package io.handfast.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The agent {@code assistant}, which a key for OpenAI in the environment makes without any setting (docs/agents-models.md). Its
 * settings are defaults: each may be given another value.
 */
final class Assistant {
    static final String NAME = "assistant";

    private static final String PREFIX = "handfast.agents." + NAME + ".";
    private static final String KEY = "OPENAI_API_KEY";
    private static final String BASE_URL = "OPENAI_BASE_URL";
    private static final String MODEL = "OPENAI_MODEL";
    private static final String DEFAULT_MODEL = "gpt-4.1-mini";

    private Assistant() {}

    /**
     * What the environment says about it; nothing without a key, when a configured agent uses that key already, or when the
     * name is taken by an agent of another type.
     *
     * @param chosen settings with a value
     * @param mistakes gets a sentence when the environment names no endpoint
     */
    static Map<String, String> defaults(
            Map<String, String> environment, Map<String, String> chosen, List<String> mistakes) {
        Map<String, String> defaults = new LinkedHashMap<>();
        boolean another = chosen.containsKey(PREFIX + "url") || "agui".equals(chosen.get(PREFIX + "type"));
        if (text(environment, KEY).isEmpty() || another || chosen.containsValue("${" + KEY + "}")) {
            return defaults;
        }
        defaults.put(PREFIX + "type", "openai");
        defaults.put(PREFIX + "api-key", "${" + KEY + "}");
        String model = text(environment, MODEL);
        defaults.put(PREFIX + "model", model.isEmpty() ? DEFAULT_MODEL : model);
        String endpoint = text(environment, BASE_URL);
        if (!endpoint.isEmpty()) {
            SettingDescription setting = SettingDescription.required(PREFIX + "base-url");
            if (Values.allowed(setting, endpoint)) {
                defaults.put(PREFIX + "base-url", endpoint);
            } else {
                mistakes.add(BASE_URL + " is '" + endpoint + "'; allowed: " + Values.allowed(setting));
            }
        }
        return defaults;
    }

    private static String text(Map<String, String> environment, String variable) {
        return environment.getOrDefault(variable, "").strip();
    }
}
