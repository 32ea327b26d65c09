package io.handfast.server;

import io.handfast.agent.Agent;
import io.handfast.agents.agui.HttpAgent;
import io.handfast.agents.agui.HttpAgentConfig;
import io.handfast.agents.model.ModelAgent;
import io.handfast.agents.model.ModelConfig;
import io.handfast.agents.model.ToolSet;
import io.handfast.agents.upstream.UpstreamLimits;
import io.handfast.agents.upstream.UpstreamTimeouts;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Settings.AgentSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the agents of {@code handfast.agents}. */
final class ConfiguredAgents {
    private final Map<String, String> environment;
    private final List<ToolSet> toolSets;

    private ConfiguredAgents(Map<String, String> environment, List<ToolSet> toolSets) {
        this.environment = environment;
        this.toolSets = toolSets;
    }

    /**
     * In the order in which clients see them.
     *
     * @throws StartFailedException when a model is to have tools that nobody offers
     */
    static List<Agent> of(Configuration configuration, List<ToolSet> toolSets) throws StartFailedException {
        ConfiguredAgents agents = new ConfiguredAgents(configuration.environment(), toolSets);
        List<Agent> made = new ArrayList<>();
        for (Map.Entry<String, AgentSettings> agent : configuration.agents().entrySet()) {
            made.add(agents.agent(agent.getKey(), agent.getValue()));
        }
        return made;
    }

    private Agent agent(String name, AgentSettings settings) throws StartFailedException {
        return switch (settings.type()) {
            case AGUI -> HttpAgent.create(http(name, settings), environment);
            case OPENAI -> ModelAgent.create(model(name, settings), environment, tools(name, settings));
        };
    }

    private static HttpAgentConfig http(String name, AgentSettings settings) {
        return new HttpAgentConfig(
                name,
                settings.description().orElse("The agent " + name + "."),
                settings.url().orElseThrow(),
                settings.headers(),
                limits(settings),
                settings.historyTurnsMax().orElse(HttpAgentConfig.HISTORY_TURNS_MAX),
                settings.maxEventBytes());
    }

    private static ModelConfig model(String name, AgentSettings settings) {
        String model = settings.model().orElseThrow();
        return new ModelConfig(
                name,
                settings.description().orElse("The model " + model + "."),
                settings.baseUrl(),
                model,
                settings.apiKey().orElse(null),
                settings.systemPrompt().orElse(null),
                boxed(settings.temperature()),
                boxed(settings.maxOutputTokens()),
                settings.maxToolRounds(),
                settings.historyTurnsMax().orElse(ModelConfig.HISTORY_TURNS_MAX),
                limits(settings));
    }

    private static UpstreamLimits limits(AgentSettings settings) {
        return new UpstreamLimits(
                settings.deadline().orElse(null),
                new UpstreamTimeouts(settings.connectTimeout(), settings.headTimeout(), settings.idleTimeout()),
                settings.maxRuns(),
                settings.whenFull());
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }

    private List<Object> tools(String name, AgentSettings settings) throws StartFailedException {
        List<Object> tools = new ArrayList<>();
        for (String wanted : settings.tools().orElse(List.of())) {
            Optional<ToolSet> found =
                    toolSets.stream().filter(set -> set.name().equals(wanted)).findFirst();
            if (found.isEmpty()) {
                String offered = toolSets.stream().map(ToolSet::name).collect(Collectors.joining(", "));
                throw new StartFailedException("handfast.agents." + name + ".tools names '" + wanted + "'; allowed: "
                        + (offered.isEmpty()
                                ? "tool sets that jars of handfast.plugins offer, and there are none"
                                : offered));
            }
            tools.addAll(found.get().tools());
        }
        return tools;
    }
}
