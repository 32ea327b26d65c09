package io.handfast.server.config;

import io.handfast.readiness.Profile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads single values and says what is allowed instead of a wrong one. */
final class Values {
    private Values() {}

    /** Whether the text may stand in the setting (as one element, when it is a list). */
    static boolean allowed(SettingDescription description, String text) {
        Object value = parse(description, text);
        if (value == null) {
            return false;
        }
        Setting setting = description.setting();
        if (value instanceof Duration duration) {
            return duration.compareTo(bound(setting.min())) >= 0 && duration.compareTo(bound(setting.max())) <= 0;
        }
        if (value instanceof Size size) {
            return size.compareTo(sizeBound(setting.min())) >= 0 && size.compareTo(sizeBound(setting.max())) <= 0;
        }
        if (value instanceof Integer number) {
            return number >= Integer.parseInt(setting.min()) && number <= Integer.parseInt(setting.max());
        }
        if (value instanceof Double number) {
            return number >= Double.parseDouble(setting.min()) && number <= Double.parseDouble(setting.max());
        }
        return setting.pattern().isEmpty() || text.matches(setting.pattern());
    }

    /** What is allowed, for a person. */
    static String allowed(SettingDescription description) {
        Setting setting = description.setting();
        if (!setting.allowed().isEmpty()) {
            return setting.allowed();
        }
        Class<?> type = description.type();
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(constant -> name((Enum<?>) constant))
                    .collect(Collectors.joining(", "));
        }
        if (type == boolean.class) {
            return "true, false";
        }
        if (type == int.class || type == double.class || type == Size.class) {
            return setting.min() + " to " + setting.max();
        }
        if (type == URI.class) {
            return "http:// or https:// with a host, without user and password";
        }
        if (type == Duration.class) {
            String range = setting.min() + " to " + setting.max();
            return inMillis(description) ? range + ", plain numbers are milliseconds" : range;
        }
        return type == Path.class ? "a path" : "a text";
    }

    private static @Nullable Object parse(SettingDescription description, String text) {
        Class<?> type = description.type();
        if (text.isBlank()) {
            return null;
        }
        if (type.isEnum()) {
            return constant(type, text).orElse(null);
        }
        if (type == boolean.class) {
            return text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null;
        }
        if (type == int.class) {
            return text.matches("-?[0-9]{1,9}") ? Integer.valueOf(text) : null;
        }
        if (type == double.class) {
            return text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?") ? Double.valueOf(text) : null;
        }
        if (type == URI.class) {
            return endpoint(text).orElse(null);
        }
        if (type == Duration.class) {
            return duration(description, text).orElse(null);
        }
        if (type == Size.class) {
            return Size.parse(text).orElse(null);
        }
        return text;
    }

    private static Optional<URI> endpoint(String text) {
        try {
            URI uri = new URI(text);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            return http && uri.getHost() != null && uri.getUserInfo() == null ? Optional.of(uri) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> duration(SettingDescription description, String text) {
        return inMillis(description) && text.matches("[0-9]{1,12}")
                ? Optional.of(Duration.ofMillis(Long.parseLong(text)))
                : Durations.parse(text);
    }

    /** The names that spec/protocol.md fixed say their unit; a number without unit is right there, and only there. */
    private static boolean inMillis(SettingDescription description) {
        return description.key().endsWith("-ms");
    }

    private static Duration bound(String text) {
        return Durations.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("a bound of a setting is no duration: " + text));
    }

    private static Size sizeBound(String text) {
        return Size.parse(text)
                .orElseThrow(() -> new IllegalArgumentException("a bound of a setting is no size: " + text));
    }

    /** The constant of an enum with this name, in lower case with dashes. */
    static Optional<Object> constant(Class<?> type, String text) {
        return Arrays.<Object>stream(type.getEnumConstants())
                .filter(constant -> name((Enum<?>) constant).equals(text))
                .findFirst();
    }

    static Profile profile(String text) {
        return (Profile) constant(Profile.class, text)
                .orElseThrow(() -> new IllegalArgumentException("checked before: " + text));
    }

    /** The default of a setting that has one for all profiles. */
    static String defaultValue(String key) {
        return SettingDescription.of(key)
                .map(SettingDescription::defaultValue)
                .orElseThrow(() -> new IllegalArgumentException(key + " has no default"));
    }

    /** The name of a constant in settings. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
