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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One setting, as the code of {@link Settings} describes it.
 *
 * @param key the name in files, beginning with {@code handfast.}; a part in angle brackets stands for a name that the user
 *     chooses
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

    /** With what commands show a server who they are; whoever exports it may start a server all the same. */
    private static final String CLIENT_TOKEN = "HANDFAST_TOKEN";

    private static final List<SettingDescription> ALL = read();

    /** All settings, by tier and then by name. */
    static List<SettingDescription> all() {
        return ALL;
    }

    /** The setting with this name. */
    static Optional<SettingDescription> of(String name) {
        return ALL.stream().filter(setting -> setting.has(name)).findFirst();
    }

    /** The same where it is known to be there. */
    static SettingDescription required(String name) {
        return of(name).orElseThrow(() -> new IllegalArgumentException(name + " is no setting"));
    }

    private boolean has(String name) {
        return open() ? NamePatterns.fits(name, key) : name.equals(key);
    }

    /** Whether the user chooses a part of the name. */
    boolean open() {
        return key.indexOf('<') >= 0;
    }

    /** The name in the environment. */
    String variable() {
        return variable(key);
    }

    /** The name in the environment of the setting with this name. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The name on the command line; none for a secret. */
    Optional<String> flag() {
        return setting.secret() || open()
                ? Optional.empty()
                : Optional.of("--" + key.substring(PREFIX.length()).replace('.', '-'));
    }

    static boolean ours(String environmentVariable) {
        return environmentVariable.startsWith(ENVIRONMENT_PREFIX) && !environmentVariable.equals(CLIENT_TOKEN);
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
            boolean map = method.getReturnType() == Map.class;
            if (setting == null) {
                Type inner = map ? lastArgument(method.getGenericReturnType()) : method.getReturnType();
                read((Class<?>) inner, key + (map ? ".<name>." : "."), settings);
            } else {
                settings.add(read(method, map ? key + "." + setting.entry() : key, setting));
            }
        }
    }

    private static SettingDescription read(Method method, String key, Setting setting) {
        Type type = method.getGenericReturnType();
        boolean optional = method.getReturnType().getSimpleName().startsWith("Optional");
        if (method.getReturnType() == Optional.class || method.getReturnType() == Map.class) {
            type = lastArgument(type);
        }
        boolean list = type instanceof ParameterizedType;
        type = list ? lastArgument(type) : type;
        if (type == OptionalInt.class) {
            type = int.class;
        } else if (type == OptionalDouble.class) {
            type = double.class;
        }
        WithDefault defaultValue = method.getAnnotation(WithDefault.class);
        return new SettingDescription(
                key, (Class<?>) type, list, optional, setting, defaultValue == null ? null : defaultValue.value());
    }

    /** Of a list or an optional the only one, of a map that of the values. */
    private static Type lastArgument(Type type) {
        Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
        return arguments[arguments.length - 1];
    }

    private static String dashed(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
