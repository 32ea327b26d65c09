package io.handfast.server.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * The settings in force. In the order of precedence they come from the command line, system properties, the environment, a
 * file, the profile, and the defaults.
 *
 * @param environment of the process, to which settings of agents refer
 */
public record Configuration(Settings settings, ProfileChoice profile, Map<String, String> environment) {

    /**
     * Where settings come from.
     *
     * @param flags by the name of the setting
     */
    public record Sources(
            Map<String, String> flags,
            Map<String, String> systemProperties,
            Map<String, String> environment,
            Optional<Path> file) {

        /** Of this process. */
        public static Sources ofProcess(Map<String, String> flags, Optional<Path> file) {
            Map<String, String> properties = new TreeMap<>();
            System.getProperties()
                    .stringPropertyNames()
                    .forEach(name -> properties.put(name, System.getProperty(name)));
            return new Sources(flags, properties, System.getenv(), file);
        }
    }

    /**
     * Reads, checks and combines them.
     *
     * @throws ConfigurationException naming every mistake there is
     */
    public static Configuration load(Sources sources) throws ConfigurationException {
        List<String> mistakes = new ArrayList<>();
        TreeSet<String> wrong = new TreeSet<>();
        Map<String, String> chosen = new LinkedHashMap<>();
        for (Layer layer : layers(sources, mistakes)) {
            layer.values().forEach((key, value) -> {
                Optional<String> mistake = mistake(layer, key, value);
                if (mistake.isPresent()) {
                    mistakes.add(mistake.get());
                    wrong.add(key);
                } else {
                    chosen.putIfAbsent(key, value);
                }
            });
        }
        ProfileChoice profile = profile(chosen, sources.environment(), mistakes);
        Map<String, String> values = new LinkedHashMap<>(ProfileDefaults.of(profile.profile()));
        values.putAll(Assistant.defaults(sources.environment(), chosen, mistakes));
        values.putAll(chosen);
        values.put("handfast.env", profile.profile().wireName());
        Settings settings = new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withSources(new PropertiesConfigSource(values, "settings", 100))
                .withConverter(Duration.class, 200, duration())
                .withConverter(Size.class, 200, size())
                .withConverter(Path.class, 200, (Converter<Path>) Path::of)
                .build()
                .getConfigMapping(Settings.class);
        mistakes.addAll(CrossChecks.of(settings, wrong));
        mistakes.addAll(AgentChecks.of(settings, values.keySet(), wrong, sources.environment()));
        if (!mistakes.isEmpty()) {
            throw new ConfigurationException(mistakes);
        }
        return new Configuration(settings, profile, sources.environment());
    }

    /** The agents of {@code handfast.agents} that may be asked, in the order in which clients see them. */
    public Map<String, Settings.AgentSettings> agents() {
        Map<String, Settings.AgentSettings> agents = new LinkedHashMap<>();
        settings.agents().keySet().stream()
                .sorted(Comparator.comparing((String name) -> name.equals(Assistant.NAME))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(name -> agent(name).enabled())
                .forEach(name -> agents.put(name, agent(name)));
        return agents;
    }

    private Settings.AgentSettings agent(String name) {
        return Objects.requireNonNull(settings.agents().get(name), name);
    }

    /** Without the environment, which holds secrets. */
    @Override
    public String toString() {
        return "Configuration[profile=" + profile + "]";
    }

    private static List<Layer> layers(Sources sources, List<String> mistakes) {
        Layer properties = Layer.systemProperties(sources.systemProperties());
        Optional<Layer> file = sources.file().flatMap(path -> file(path, mistakes));
        Set<String> known = new TreeSet<>(properties.values().keySet());
        file.ifPresent(layer -> known.addAll(layer.values().keySet()));
        List<Layer> layers = new ArrayList<>();
        layers.add(Layer.flags(sources.flags()));
        layers.add(properties);
        layers.add(Layer.environment(sources.environment(), known));
        file.ifPresent(layers::add);
        return layers;
    }

    private static Optional<Layer> file(Path path, List<String> mistakes) {
        try {
            return Optional.of(Layer.file(path));
        } catch (IOException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private static Optional<String> mistake(Layer layer, String key, String value) {
        Optional<SettingDescription> known = SettingDescription.of(key);
        if (known.isEmpty()) {
            return Optional.of(key + " (" + layer.origin().apply(key) + ") is no setting" + Spelling.hint(key));
        }
        SettingDescription setting = known.get();
        List<String> elements = setting.list() ? List.of(value.split(",", -1)) : List.of(value);
        if (elements.stream().map(String::strip).allMatch(element -> Values.allowed(setting, element))) {
            return Optional.empty();
        }
        String shown = setting.setting().secret() ? "not usable" : "'" + value + "'";
        return Optional.of(key + " is " + shown + " (" + layer.origin().apply(key) + "); allowed: "
                + (setting.list() ? "a list, separated by commas, of " : "") + Values.allowed(setting));
    }

    private static ProfileChoice profile(
            Map<String, String> chosen, Map<String, String> environment, List<String> mistakes) {
        String named = chosen.get("handfast.env");
        if (named != null) {
            return new ProfileChoice(Values.profile(named), "handfast.env");
        }
        String host = chosen.getOrDefault("handfast.host", Values.defaultValue("handfast.host"));
        return ProfileChoice.of(environment, host, mistakes);
    }

    private static Converter<Size> size() {
        return text -> Size.parse(text).orElseThrow(() -> new IllegalArgumentException("checked before: " + text));
    }

    /** Which of them may stand without a unit was checked before. */
    private static Converter<Duration> duration() {
        return text -> Durations.parse(text).orElseGet(() -> Duration.ofMillis(Long.parseLong(text.strip())));
    }
}
