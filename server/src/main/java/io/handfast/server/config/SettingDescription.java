package io.handfast.server.config;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One setting, as the code of {@link Settings} describes it.
 *
 * @param key the name in files, beginning with {@code handfast.}
 * @param type of the value, or of each element of a list
 * @param optional whether the server starts without a value
 * @param defaultValue null when there is none, or the profile chooses it
 */
record SettingDescription(
        String key,
        Class<?> type,
        boolean list,
        boolean optional,
        Setting setting,
        @Nullable String defaultValue) {

    static final String PREFIX = "handfast.";
    private static final String ENVIRONMENT_PREFIX = "HANDFAST_";

    private static final List<SettingDescription> ALL = read();

    /** All settings, by tier and then by name. */
    static List<SettingDescription> all() {
        return ALL;
    }

    /** The setting with this name. */
    static Optional<SettingDescription> of(String key) {
        return ALL.stream().filter(setting -> setting.key.equals(key)).findFirst();
    }

    /** The name in the environment. */
    String variable() {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The name on the command line; none for a secret. */
    Optional<String> flag() {
        return setting.secret()
                ? Optional.empty()
                : Optional.of("--" + key.substring(PREFIX.length()).replace('.', '-'));
    }

    static boolean ours(String environmentVariable) {
        return environmentVariable.startsWith(ENVIRONMENT_PREFIX);
    }

    private static List<SettingDescription> read() {
        List<SettingDescription> settings = new ArrayList<>();
        read(Settings.class, PREFIX, settings);
        settings.sort(Comparator.comparing((SettingDescription description) -> description.setting.tier())
                .thenComparing(SettingDescription::key));
        return List.copyOf(settings);
    }

    private static void read(Class<?> group, String prefix, List<SettingDescription> settings) {
        for (Method method : group.getDeclaredMethods()) {
            WithName named = method.getAnnotation(WithName.class);
            String key = prefix + (named == null ? dashed(method.getName()) : named.value());
            Setting setting = method.getAnnotation(Setting.class);
            if (setting == null) {
                read(method.getReturnType(), key + ".", settings);
                continue;
            }
            Type type = method.getGenericReturnType();
            boolean optional = method.getReturnType() == Optional.class;
            type = optional ? argument(type) : type;
            boolean list = type instanceof ParameterizedType;
            type = list ? argument(type) : type;
            WithDefault defaultValue = method.getAnnotation(WithDefault.class);
            settings.add(new SettingDescription(
                    key, (Class<?>) type, list, optional, setting, defaultValue == null ? null : defaultValue.value()));
        }
    }

    private static Type argument(Type type) {
        return ((ParameterizedType) type).getActualTypeArguments()[0];
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
