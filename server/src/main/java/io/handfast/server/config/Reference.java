package io.handfast.server.config;

import io.handfast.readiness.Profile;
import io.handfast.server.config.Setting.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** docs/config.md, made from {@link Settings}. A test keeps the file equal to it. */
final class Reference {
    private static final String INTRODUCTION = """
            # Settings

            Generated from `io.handfast.server.config.Settings`; do not edit.

            A setting has one name and four spellings. In the order of precedence:

            | place | spelling |
            |---|---|
            | command line | `--readiness-strategy proof` |
            | system property | `-Dhandfast.readiness.strategy=proof` |
            | environment | `HANDFAST_READINESS_STRATEGY=proof` |
            | file, given with `--config FILE` | YAML: `handfast:`, below it `readiness:`, below it `strategy: proof` |

            Then comes the profile (see `handfast.env`), then the default. Durations are whole numbers with a unit: `250ms`, `15s`, `2m`, `1h`, `30d`;
            names that end in `-ms` take plain numbers too. Sizes have a unit as well: `512KiB`, `64MiB`, `10GiB`. Lists are separated by commas; in a file they may be YAML lists. A value that is not allowed, or a
            name that is none, keeps the server from starting: it lists all mistakes at once.
            """;

    private Reference() {}

    static String markdown() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        for (Tier tier : Tier.values()) {
            page.append("\n## ").append(tier.title()).append("\n\n");
            page.append(tier.description()).append("\n\n");
            page.append("| setting | default | allowed | effect |\n|---|---|---|---|\n");
            for (SettingDescription setting : SettingDescription.all()) {
                if (setting.setting().tier() == tier) {
                    page.append("| `").append(setting.key()).append("` | ");
                    page.append(defaultOf(setting)).append(" | ");
                    page.append(setting.list() ? "a list of " : "")
                            .append(Values.allowed(setting))
                            .append(" | ");
                    page.append(setting.setting().effect());
                    page.append(setting.setting().secret() && !setting.open() ? " Not on the command line." : "");
                    page.append(" |\n");
                }
            }
        }
        return page.toString();
    }

    /** One default, or one for each group of profiles. */
    private static String defaultOf(SettingDescription setting) {
        if (setting.defaultValue() != null) {
            return "`" + setting.defaultValue() + "`";
        }
        Map<String, List<String>> profilesOf = new TreeMap<>();
        for (Profile profile : Profile.values()) {
            String value = ProfileDefaults.of(profile).get(setting.key());
            profilesOf
                    .computeIfAbsent(value == null ? "–" : "`" + value + "`", key -> new ArrayList<>())
                    .add(profile.wireName());
        }
        if (profilesOf.size() == 1) {
            return profilesOf.keySet().iterator().next();
        }
        return profilesOf.entrySet().stream()
                .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
                .collect(Collectors.joining("; "));
    }
}
