package io.handfast.server.config;

import io.handfast.readiness.Profile;
import java.util.LinkedHashMap;
import java.util.Map;

/** The defaults that a profile chooses, by the name of the setting (R6). */
final class ProfileDefaults {
    private ProfileDefaults() {}

    static Map<String, String> of(Profile profile) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("handfast.readiness.deadline", "5s");
        values.put("handfast.heartbeat-ms", "20s");
        values.put("handfast.max-age-ms", "55m");
        values.put("handfast.slow-consumer-ms", "30s");
        values.put("handfast.readiness.timed.first-timeout", "2s");
        values.put("handfast.readiness.timed.retry-timeout", "1s");
        switch (profile) {
            case DEVELOPMENT -> values.putAll(basic("10ms"));
            case TESTING -> values.putAll(basic("5ms"));
            case STAGING, PRODUCTION -> values.putAll(full());
        }
        values.put("handfast.builtin-agents", profile.anonymousAllowed() ? "docs,echo" : "none");
        return values;
    }

    private static Map<String, String> basic(String settle) {
        return Map.of(
                "handfast.readiness.timed.settle", settle,
                "handfast.readiness.timed.final-pause", "0ms",
                "handfast.readiness.timed.validate", "false");
    }

    private static Map<String, String> full() {
        return Map.of(
                "handfast.readiness.timed.settle", "50ms",
                "handfast.readiness.timed.rechecks", "25ms,50ms,75ms",
                "handfast.readiness.timed.final-pause", "25ms",
                "handfast.readiness.timed.validate", "true",
                "handfast.readiness.timed.retry-pauses", "50ms,100ms,150ms");
    }
}
