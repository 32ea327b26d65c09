package io.handfast.server.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Names of settings of which the user chooses a part: {@code handfast.agents.<name>.url}. */
final class NamePatterns {
    private static final Pattern CHOSEN = Pattern.compile("<[a-z]+>");
    private static final String PART = "[A-Za-z0-9_-]{1,64}";

    private NamePatterns() {}

    /** Whether the name fits the key. */
    static boolean fits(String name, String key) {
        return name.matches(pattern(key, UnaryOperator.identity(), PART));
    }

    /** The key with the parts that {@code name} has in the place of those that the user chooses, as far as it has them. */
    static String filled(String key, String name) {
        String filled = key;
        for (int from = filled.indexOf('<'); from >= 0; from = filled.indexOf('<')) {
            if (!name.startsWith(filled.substring(0, from))) {
                return filled;
            }
            String part = name.substring(from).replaceFirst("\\..*", "");
            if (!part.matches(PART)) {
                return filled;
            }
            filled = replaceFirst(filled, part);
        }
        return filled;
    }

    /**
     * The variables of the environment that may be meant for this setting. Underlines do not say where the part that the user
     * chooses ends, so all places are there but the last, behind which nothing would be left.
     */
    static Stream<String> filledVariables(SettingDescription setting, String written) {
        String variable = setting.variable();
        if (!setting.open()) {
            return Stream.of(variable);
        }
        int from = variable.indexOf('<');
        if (!written.startsWith(variable.substring(0, from))) {
            return Stream.empty();
        }
        String behind = variable.substring(variable.indexOf('>') + 1);
        return IntStream.range(from + 1, written.length())
                .filter(end -> written.charAt(end) == '_')
                .mapToObj(end -> written.substring(0, end) + behind);
    }

    /**
     * The name of the setting that a variable of the environment stands for. Capitals and underlines lose what a part was: it is
     * looked for among the known names, and is else written small and with dashes.
     *
     * @param known names of settings to which other places give values
     */
    static Optional<String> nameOf(String variable, Set<String> known) {
        return SettingDescription.all().stream()
                .filter(SettingDescription::open)
                .map(SettingDescription::key)
                .filter(key -> variable.matches(variablePattern(key)))
                // X_BASE_URL is the base-url of x, not the url of x-base
                .max(Comparator.comparingInt(
                        key -> CHOSEN.matcher(key).replaceAll("").length()))
                .map(key -> nameOf(variable, key, known));
    }

    private static String nameOf(String variable, String key, Set<String> known) {
        Matcher parts = Pattern.compile(variablePattern(key)).matcher(variable);
        String name = key;
        for (int i = 1; parts.matches() && i <= parts.groupCount(); i++) {
            name = replaceFirst(name, part(name.substring(0, name.indexOf('<')), parts.group(i), known));
        }
        return name;
    }

    private static String part(String before, String written, Set<String> known) {
        return known.stream()
                .filter(name -> name.startsWith(before))
                .map(name -> name.substring(before.length()).replaceFirst("\\..*", ""))
                .filter(part -> SettingDescription.variable(part).equals(written))
                .findFirst()
                .orElseGet(() -> written.toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    private static String variablePattern(String key) {
        return pattern(key, SettingDescription::variable, "([A-Z0-9_]+?)");
    }

    /** @param spelling of what lies between the parts that the user chooses */
    private static String pattern(String key, UnaryOperator<String> spelling, String part) {
        return Stream.of(CHOSEN.split(key, -1))
                .map(between -> Pattern.quote(spelling.apply(between)))
                .collect(Collectors.joining(part));
    }

    private static String replaceFirst(String key, String part) {
        return CHOSEN.matcher(key).replaceFirst(Matcher.quoteReplacement(part));
    }
}
