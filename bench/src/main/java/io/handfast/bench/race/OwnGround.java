package io.handfast.bench.race;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import io.handfast.server.Server;
import io.handfast.server.StartFailedException;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.ConfigurationException;
import io.handfast.server.config.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Servers in this process, one for each strategy and settings, with the stages of the report in {@code timed}. */
public final class OwnGround implements Ground {
    private final String log;
    private final Path folder;
    private final Map<String, Server> servers = new LinkedHashMap<>();

    /**
     * No server yet.
     *
     * @param log {@code memory} or {@code rocksdb}, which keeps its files in a temporary folder until {@link #close}
     */
    public OwnGround(String log) throws IOException {
        this.log = log;
        this.folder = Files.createTempDirectory("handfast-race");
    }

    @Override
    public Admission enter(Strategy strategy, Map<String, String> settings) throws IOException {
        String key = strategy + settings.toString();
        Server server = servers.get(key);
        if (server == null) {
            server = start(strategy, settings);
            servers.put(key, server);
        }
        return Admission.to(server.address());
    }

    private Server start(Strategy strategy, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(stages(TimedStages.full()));
        all.put("env", "development");
        all.put("host", "127.0.0.1");
        all.put("port", "0");
        all.put("log", log);
        all.put("data", folder.resolve(Integer.toString(servers.size())).toString());
        all.put("readiness.strategy", Policies.name(strategy));
        all.putAll(settings);
        Map<String, String> flags = new HashMap<>();
        all.forEach((name, value) -> flags.put("handfast." + name, value));
        try {
            return Server.start(Configuration.load(new Sources(flags, Map.of(), Map.of(), Optional.empty())));
        } catch (ConfigurationException | StartFailedException e) {
            throw new IOException("a server for the race does not start: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> stages(TimedStages stages) {
        String prefix = "readiness.timed.";
        return Map.of(
                prefix + "settle", text(stages.settle()),
                prefix + "rechecks", texts(stages.rechecks()),
                prefix + "final-pause", text(stages.finalPause()),
                prefix + "validate", Boolean.toString(stages.validate()),
                prefix + "first-timeout", text(stages.firstTimeout()),
                prefix + "retry-timeout", text(stages.retryTimeout()),
                prefix + "retry-pauses", texts(stages.retryPauses()));
    }

    private static String texts(List<Duration> times) {
        return times.stream().map(OwnGround::text).collect(Collectors.joining(","));
    }

    private static String text(Duration time) {
        return time.toMillis() + "ms";
    }

    @Override
    public String about() {
        return "a server in the same process for each strategy, log " + log + ", timed with the stages of the report";
    }

    @Override
    public Optional<String> remark(Strategy strategy) {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        servers.values().forEach(Server::close);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
