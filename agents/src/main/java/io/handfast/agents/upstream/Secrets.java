package io.handfast.agents.upstream;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Values of the configuration that name a secret and do not hold it: {@code Bearer ${WEATHER_TOKEN}}. */
public final class Secrets {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Secrets() {}

    /** The variables of the environment to which the value refers. */
    public static List<String> names(String value) {
        return REFERENCE.matcher(value).results().map(match -> match.group(1)).toList();
    }

    /**
     * The value with every <code>${NAME}</code> replaced by that variable of the environment.
     *
     * @param setting the name of the setting, for the error
     * @throws IllegalArgumentException when a variable is not set; the message never holds a secret
     */
    public static String resolve(String setting, String value, Map<String, String> environment) {
        Matcher reference = REFERENCE.matcher(value);
        return reference.replaceAll(match -> {
            String secret = environment.get(match.group(1));
            if (secret == null || secret.isEmpty()) {
                throw new IllegalArgumentException(
                        setting + " refers to the environment variable " + match.group(1) + ", which is not set");
            }
            return Matcher.quoteReplacement(secret);
        });
    }
}
