package io.handfast.server.config;

import io.handfast.agents.upstream.Secrets;
import io.handfast.server.config.Setting.Tier;
import io.handfast.server.config.Settings.AgentSettings;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is wrong with the agents of {@code handfast.agents}, beyond single values. */
final class AgentChecks {
    private final Set<String> given;
    private final Set<String> wrong;
    private final Map<String, String> environment;
    private final List<String> mistakes = new ArrayList<>();

    private AgentChecks(Set<String> given, Set<String> wrong, Map<String, String> environment) {
        this.given = given;
        this.wrong = wrong;
        this.environment = environment;
    }

    /**
     * @param given settings with a value of their own
     * @param wrong settings whose own value is wrong already: nothing more is said about them
     */
    static List<String> of(Settings settings, Set<String> given, Set<String> wrong, Map<String, String> environment) {
        AgentChecks checks = new AgentChecks(given, wrong, environment);
        new TreeMap<>(settings.agents()).forEach((name, agent) -> {
            String prefix = "handfast.agents." + name + ".";
            if (agent.enabled() && !wrong.contains(prefix + "type")) {
                checks.type(prefix, agent);
                checks.references(prefix, agent);
                checks.name(prefix, name, settings.builtinAgents());
            }
        });
        return checks.mistakes;
    }

    private void type(String prefix, AgentSettings agent) {
        switch (agent.type()) {
            case AGUI -> {
                required(prefix + "url", agent);
                foreign(prefix, Tier.OPENAI, agent);
            }
            case OPENAI -> {
                required(prefix + "model", agent);
                foreign(prefix, Tier.AGUI, agent);
            }
        }
    }

    private void required(String key, AgentSettings agent) {
        if (!given.contains(key) && !wrong.contains(key)) {
            mistakes.add(key + " (" + SettingDescription.variable(key) + ") is not set; an agent of the type "
                    + Values.name(agent.type()) + " needs it: " + Values.allowed(SettingDescription.required(key)));
        }
    }

    private void foreign(String prefix, Tier tier, AgentSettings agent) {
        given.stream()
                .filter(key -> key.startsWith(prefix))
                .filter(key -> SettingDescription.required(key).setting().tier() == tier)
                .sorted()
                .forEach(key -> mistakes.add(key + " is not for an agent of the type " + Values.name(agent.type())
                        + "; allowed: no value, or another " + prefix + "type"));
    }

    private void references(String prefix, AgentSettings agent) {
        agent.apiKey().ifPresent(value -> set(prefix + "api-key", value));
        new TreeMap<>(agent.headers()).forEach((header, value) -> {
            String key = prefix + "headers." + header;
            set(key, value);
            if (!settable(header)) {
                mistakes.add(key + " is a header that HTTP itself uses; allowed: any other");
            }
        });
    }

    private void set(String key, String value) {
        Secrets.names(value).stream()
                .filter(variable -> environment.getOrDefault(variable, "").isEmpty())
                .forEach(variable ->
                        mistakes.add(key + " refers to the environment variable " + variable + ", which is not set"));
    }

    /** The JDK's client refuses some. */
    private static boolean settable(String header) {
        try {
            HttpRequest.newBuilder().header(header, "x");
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void name(String prefix, String name, List<String> builtin) {
        if (builtin.contains(name) && !wrong.contains("handfast.builtin-agents")) {
            mistakes.add(prefix + "* has the name of an agent that comes with Handfast; allowed: another name, or"
                    + " handfast.builtin-agents (" + String.join(",", builtin) + ") without it");
        }
    }
}
