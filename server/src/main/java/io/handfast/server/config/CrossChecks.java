package io.handfast.server.config;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What settings have to say to each other. Every sentence names both values. */
final class CrossChecks {
    private static final int SECRET_BYTES_MIN = 32;

    /**
     * SIGTERM to exit 0 takes at most 8 s (spec/protocol.md); platforms kill after 10 s. Beside the two windows there are the
     * grace of both, 0.6 s, and what the log needs to bring the newest events into its tables.
     */
    private static final Duration DRAIN_MAX = Duration.ofSeconds(6);

    private final Set<String> wrong;
    private final List<String> mistakes = new ArrayList<>();

    private CrossChecks(Set<String> wrong) {
        this.wrong = wrong;
    }

    /** @param wrong settings whose own value is wrong already: nothing is said about what they would do to others */
    static List<String> of(Settings settings, Set<String> wrong) {
        CrossChecks checks = new CrossChecks(wrong);
        checks.run(settings);
        return checks.mistakes;
    }

    private void run(Settings settings) {
        secret(settings);
        below(
                "readiness.settle-ms",
                settings.readiness().settle(),
                "readiness.deadline",
                settings.readiness().deadline());
        Duration drain = settings.drain().runs().plus(settings.drain().connections());
        if (drain.compareTo(DRAIN_MAX) > 0 && right("handfast.drain.runs", "handfast.drain.connections")) {
            mistakes.add(
                    "handfast.drain.runs (" + Durations.text(settings.drain().runs())
                            + ") and handfast.drain.connections ("
                            + Durations.text(settings.drain().connections()) + ") are " + Durations.text(drain)
                            + " together; allowed: at most " + Durations.text(DRAIN_MAX)
                            + ", so that the server has ended within 8 s of SIGTERM");
        }
        retention(settings.retention());
        List<String> agents = settings.builtinAgents();
        if (agents.size() > 1 && right("handfast.builtin-agents")) {
            if (agents.contains("none") || Set.copyOf(agents).size() < agents.size()) {
                mistakes.add("handfast.builtin-agents is '" + String.join(",", agents)
                        + "'; allowed: none alone, or each agent once");
            }
        }
    }

    private void retention(Settings.Retention retention) {
        if (retention.bytesPerThread().isEmpty() || retention.bytesTotal().isEmpty()) {
            return;
        }
        Size thread = retention.bytesPerThread().get();
        Size total = retention.bytesTotal().get();
        if (thread.compareTo(total) > 0
                && right("handfast.retention.bytes-per-thread", "handfast.retention.bytes-total")) {
            mistakes.add("handfast.retention.bytes-per-thread (" + thread
                    + ") has to be at most handfast.retention.bytes-total (" + total + ")");
        }
    }

    private void secret(Settings settings) {
        if (!right("handfast.auth.jwt-secret", "handfast.env")) {
            return;
        }
        int bytes = settings.auth()
                .jwtSecret()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8).length)
                .orElse(0);
        if (bytes == 0 && !settings.env().anonymousAllowed()) {
            mistakes.add("handfast.auth.jwt-secret (HANDFAST_AUTH_JWT_SECRET) is not set, and the profile is "
                    + settings.env().wireName() + "; allowed there: at least " + SECRET_BYTES_MIN
                    + " bytes, for instance from: openssl rand -hex 32");
        } else if (bytes > 0 && bytes < SECRET_BYTES_MIN) {
            mistakes.add(
                    "handfast.auth.jwt-secret (HANDFAST_AUTH_JWT_SECRET) has " + bytes + " bytes; allowed: at least "
                            + SECRET_BYTES_MIN + " bytes, for instance from: openssl rand -hex 32");
        }
    }

    private void below(String smaller, Duration smallerValue, String larger, Duration largerValue) {
        if (smallerValue.compareTo(largerValue) >= 0 && right("handfast." + smaller, "handfast." + larger)) {
            mistakes.add("handfast." + smaller + " (" + Durations.text(smallerValue) + ") has to be less than handfast."
                    + larger + " (" + Durations.text(largerValue) + ")");
        }
    }

    private boolean right(String... keys) {
        return List.of(keys).stream().noneMatch(wrong::contains);
    }
}
