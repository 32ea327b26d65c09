package io.handfast.server.config;

import io.handfast.readiness.Profile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The profile in force, and what chose it (R6; spec/protocol.md, "Command line and settings").
 *
 * @param source for a person: the name of a setting, or a reason
 */
public record ProfileChoice(Profile profile, String source) {

    /**
     * Decides where the setting {@code handfast.env} has no value.
     *
     * @param host the address to listen on
     * @param mistakes gets a sentence when {@code ENVIRONMENT} names no profile
     */
    static ProfileChoice of(Map<String, String> environment, String host, List<String> mistakes) {
        String announced = environment.getOrDefault("ENVIRONMENT", "");
        if (!announced.isBlank()) {
            return Values.constant(Profile.class, announced.strip().toLowerCase(Locale.ROOT))
                    .map(profile -> new ProfileChoice((Profile) profile, "ENVIRONMENT"))
                    .orElseGet(() -> {
                        mistakes.add("ENVIRONMENT is '" + announced
                                + "', which is no profile; allowed: development, testing, staging, production"
                                + " (HANDFAST_ENV, when it is set, decides instead)");
                        return new ProfileChoice(Profile.PRODUCTION, "ENVIRONMENT");
                    });
        }
        if (!environment.getOrDefault("K_SERVICE", "").isBlank()) {
            return new ProfileChoice(Profile.PRODUCTION, "K_SERVICE, as Cloud Run sets it");
        }
        return loopback(host)
                ? new ProfileChoice(Profile.DEVELOPMENT, "the loopback address " + host)
                : new ProfileChoice(Profile.PRODUCTION, "the address " + host + ", which is no loopback address");
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // what cannot be resolved cannot be bound either, and is reported then
        }
    }
}
