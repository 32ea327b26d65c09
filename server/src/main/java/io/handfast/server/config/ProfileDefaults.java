package io.handfast.server.config;

import io.handfast.connection.ConnectionLimits;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The defaults that a profile chooses or the core knows, by the name of the setting (R6). */
final class ProfileDefaults {
    private final Map<String, String> values = new LinkedHashMap<>();

    private ProfileDefaults() {}

    static Map<String, String> of(Profile profile) {
        ProfileDefaults defaults = new ProfileDefaults();
        defaults.readiness(profile.readiness());
        defaults.timed(profile.readiness().timed());
        defaults.connection(ConnectionLimits.ofDefaults());
        defaults.put("durability", profile.anonymousAllowed() ? "process" : "disk");
        defaults.put("builtin-agents", profile.anonymousAllowed() ? "docs,echo" : "none");
        defaults.put("runs.per-user", profile.anonymousAllowed() ? 0 : 100);
        return defaults.values;
    }

    private void readiness(ReadinessPolicy policy) {
        put("readiness.strategy", Values.name(policy.strategy()));
        put("readiness.unproven", Values.name(policy.unproven()));
        put("readiness.validation-message", Values.name(policy.validationMessage()));
        put("readiness.settle-ms", policy.settle());
        put("readiness.deadline", policy.deadline());
    }

    private void timed(TimedStages stages) {
        put("readiness.timed.settle", stages.settle());
        put("readiness.timed.rechecks", stages.rechecks());
        put("readiness.timed.final-pause", stages.finalPause());
        put("readiness.timed.validate", Boolean.toString(stages.validate()));
        put("readiness.timed.first-timeout", stages.firstTimeout());
        put("readiness.timed.retry-timeout", stages.retryTimeout());
        put("readiness.timed.retry-pauses", stages.retryPauses());
    }

    private void connection(ConnectionLimits limits) {
        put("heartbeat-ms", limits.heartbeat());
        put("max-age-ms", limits.maxAge());
        put("slow-consumer-ms", limits.slowConsumer());
        put("connection.held-frames", limits.heldFrames());
        put("connection.held-bytes", limits.heldBytes());
        put("connection.close-timeout", limits.closeTimeout());
        put("connection.subscriptions", limits.subscriptions());
        put("connection.pending-requests", limits.pendingRequests());
        put("connection.read-bytes", limits.readBytes());
    }

    private void put(String name, String value) {
        values.put(SettingDescription.PREFIX + name, value);
    }

    private void put(String name, int value) {
        put(name, Integer.toString(value));
    }

    private void put(String name, Duration value) {
        put(name, Durations.text(value));
    }

    /** An empty list is no value: the setting is optional. */
    private void put(String name, List<Duration> list) {
        if (!list.isEmpty()) {
            put(name, list.stream().map(Durations::text).collect(Collectors.joining(",")));
        }
    }
}
