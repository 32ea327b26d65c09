package io.handfast.netty.http;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which web pages may call (RFC 6454; spec/protocol.md, "Who"): those from the same host, those on the list, and what is no page
 * at all because it sends no {@code Origin}.
 */
public final class Origins {
    private final Set<String> allowed;

    /** @param allowed origins as browsers send them, such as {@code https://chat.example.org} */
    public Origins(Set<String> allowed) {
        this.allowed = allowed.stream().map(Origins::normal).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The refusal of a foreign origin; empty when it may pass.
     *
     * @param call any request
     */
    Optional<Problem> refusal(HttpCall call) {
        Optional<String> origin = call.header("Origin");
        if (origin.isEmpty() || onList(origin.get()) || sameHost(origin.get(), call)) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(403, "forbidden", "the origin " + origin.get() + " is not allowed here"));
    }

    /** Whether the origin is another host's, but allowed by the list. */
    boolean onList(String origin) {
        return allowed.contains(normal(origin));
    }

    private static boolean sameHost(String origin, HttpCall call) {
        int scheme = origin.indexOf("://");
        if (scheme < 0) {
            return false;
        }
        String defaultPort = origin.startsWith("https:") ? ":443" : ":80";
        String host = call.header("Host").orElse("");
        return withPort(origin.substring(scheme + 3), defaultPort).equals(withPort(host, defaultPort));
    }

    private static String withPort(String authority, String defaultPort) {
        String lower = authority.toLowerCase(Locale.ROOT);
        boolean hasPort = lower.lastIndexOf(':') > lower.lastIndexOf(']');
        return hasPort ? lower : lower + defaultPort;
    }

    private static String normal(String origin) {
        String trimmed = origin.strip().toLowerCase(Locale.ROOT);
        return trimmed.endsWith("/") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
    }
}
