package io.handfast.server;

import io.handfast.agent.Agent;
import io.handfast.agents.model.ToolSet;
import io.handfast.agents.plugin.Plugins;
import io.handfast.run.Agents;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All agents of a server, the default one first, and the jars that some of them come from. */
final class AgentCatalog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentCatalog.class);

    private final @Nullable Plugins plugins;
    private final Agents agents;

    private AgentCatalog(@Nullable Plugins plugins, Agents agents) {
        this.plugins = plugins;
        this.agents = agents;
    }

    /**
     * Gathers them: own ones, those of the configuration, those from jars, those that come with Handfast.
     *
     * @throws StartFailedException when a jar or a tool is not usable, or a name stands for two agents or, as the default, for none
     */
    static AgentCatalog open(Configuration configuration, List<Agent> own) throws StartFailedException {
        Settings settings = configuration.settings();
        Plugins plugins = plugins(settings);
        try {
            List<ToolSet> toolSets = plugins == null ? List.of() : plugins.toolSets();
            List<Agent> agents = new ArrayList<>(own);
            agents.addAll(ConfiguredAgents.of(configuration, toolSets));
            if (plugins != null) {
                agents.addAll(plugins.agents());
            }
            agents.addAll(BuiltinAgents.named(settings.builtinAgents()));
            defaultFirst(agents, settings.defaultAgent());
            return new AgentCatalog(plugins, new Agents(agents));
        } catch (IllegalArgumentException e) {
            close(plugins);
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        } catch (StartFailedException | RuntimeException e) {
            close(plugins);
            throw e;
        }
    }

    private static @Nullable Plugins plugins(Settings settings) throws StartFailedException {
        if (settings.plugins().isEmpty()) {
            return null;
        }
        try {
            return Plugins.load(settings.plugins().get());
        } catch (IllegalArgumentException e) {
            throw new StartFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartFailedException(
                    "handfast.plugins (" + settings.plugins().get() + ") cannot be read: " + e, e);
        }
    }

    private static void defaultFirst(List<Agent> agents, Optional<String> wanted) throws StartFailedException {
        if (wanted.isEmpty()) {
            return;
        }
        Optional<Agent> found = agents.stream()
                .filter(agent -> agent.name().equals(wanted.get()))
                .findFirst();
        if (found.isEmpty()) {
            throw new StartFailedException(
                    "handfast.default-agent is '" + wanted.get() + "', and there is no such agent; allowed: "
                            + agents.stream().map(Agent::name).collect(Collectors.joining(", ")));
        }
        agents.remove(found.get());
        agents.add(0, found.get());
    }

    Agents agents() {
        return agents;
    }

    /** After the last run: what a jar has not loaded yet cannot be loaded any more. */
    @Override
    public void close() {
        close(plugins);
    }

    private static void close(@Nullable Plugins plugins) {
        try {
            if (plugins != null) {
                plugins.close();
            }
        } catch (IOException e) {
            LOG.warn("a jar of the plug-in directory cannot be closed", e);
        }
    }
}
