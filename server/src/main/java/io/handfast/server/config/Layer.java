package io.handfast.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Settings from one place.
 *
 * @param values by the name of the setting, or by what was written when it names none; lists are joined by commas
 * @param origin where a value stands, for a person
 */
record Layer(Map<String, String> values, UnaryOperator<String> origin) {
    /** @param flags values by the name of the setting */
    static Layer flags(Map<String, String> flags) {
        return new Layer(
                flags,
                key -> SettingDescription.of(key)
                        .flatMap(SettingDescription::flag)
                        .orElse(key));
    }

    static Layer systemProperties(Map<String, String> properties) {
        Map<String, String> values = new TreeMap<>(properties);
        values.keySet().removeIf(name -> !name.startsWith(SettingDescription.PREFIX));
        return new Layer(values, key -> "the system property");
    }

    /**
     * An empty variable counts as not set: compose files and shells leave them behind.
     *
     * @param known names of settings to which other places give values
     */
    static Layer environment(Map<String, String> environment, Set<String> known) {
        Map<String, String> values = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (SettingDescription.ours(variable) && !value.isBlank()) {
                values.put(keyOf(variable, known).orElse(variable), value);
            }
        });
        return new Layer(
                values,
                key -> SettingDescription.of(key).isPresent() ? SettingDescription.variable(key) : "the environment");
    }

    /** @throws IOException with a sentence for a person, when the file cannot be read or is no YAML */
    static Layer file(Path file) throws IOException {
        try {
            return new Layer(YamlFile.read(file), key -> "in " + file);
        } catch (NoSuchFileException e) {
            throw new IOException("the file " + file + " (--config) does not exist", e);
        } catch (AccessDeniedException e) {
            throw new IOException("the file " + file + " (--config) may not be read by this user", e);
        } catch (CharacterCodingException e) {
            throw new IOException("the file " + file + " (--config) is not UTF-8", e);
        } catch (IOException e) {
            throw new IOException("the file " + file + " (--config) cannot be read: " + e.getMessage(), e);
        } catch (YamlFile.UnusableException e) {
            throw new IOException("the file " + file + " is not usable: " + e.getMessage(), e);
        }
    }

    private static Optional<String> keyOf(String variable, Set<String> known) {
        return SettingDescription.all().stream()
                .filter(setting -> setting.variable().equals(variable))
                .map(SettingDescription::key)
                .findFirst()
                .or(() -> NamePatterns.nameOf(variable, known));
    }
}
