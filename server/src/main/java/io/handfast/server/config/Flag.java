package io.handfast.server.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A setting as an option of the command line.
 *
 * @param option such as {@code --readiness-strategy}
 * @param key such as {@code handfast.readiness.strategy}
 * @param label stands for the value in help
 * @param essential whether everybody who runs a server decides it
 */
public record Flag(String option, String key, String label, String description, boolean essential) {

    /** All settings that may stand on a command line. */
    public static List<Flag> all() {
        return SettingDescription.all().stream()
                .flatMap(setting -> setting.flag().stream().map(option -> of(setting, option)))
                .toList();
    }

    /** The variable of the environment for the secret that somebody tries to set by this option. */
    public static Optional<String> variableOfSecret(String option) {
        return SettingDescription.all().stream()
                .filter(setting -> setting.setting().secret() && !setting.open())
                .map(SettingDescription::variable)
                .filter(variable ->
                        variable.equals("HANDFAST_" + SettingDescription.variable(option.replaceFirst("^--", ""))))
                .findFirst();
    }

    /** The option that may have been meant. */
    public static Optional<String> like(String written) {
        return Spelling.nearest(written, all().stream().map(Flag::option));
    }

    private static Flag of(SettingDescription setting, String option) {
        String key = setting.key();
        String label = key.substring(key.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
        String defaultValue = setting.defaultValue() == null ? "" : " Default: " + setting.defaultValue() + ".";
        return new Flag(
                option,
                key,
                label,
                setting.setting().effect().replace("`", "") + " Allowed: " + Values.allowed(setting) + "."
                        + defaultValue,
                setting.setting().tier() == Setting.Tier.ESSENTIAL);
    }
}
