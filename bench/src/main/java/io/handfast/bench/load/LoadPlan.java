package io.handfast.bench.load;

import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Identities;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a load does.
 *
 * @param connections how many clients, each a user with a thread of its own; 1 to 1,000,000
 * @param openRate how many of them open a second
 * @param rate messages a second, of all clients together, which take turns; 0 for none
 * @param sending how long messages are sent
 * @param patience how long READY may take behind the last opening, and answers behind the last message
 * @param agent who answers
 * @param words of each message, beside the one that makes it unique
 * @param options for the agent
 * @param protocol the sub-protocol; null for none (tier transport)
 * @param sources addresses of this machine from which connections go out, in turn; empty for any
 * @param threads event loops
 * @param name beginning of the names of users and threads, so that loads do not meet
 */
public record LoadPlan(
        Endpoint endpoint,
        Identities identities,
        int connections,
        double openRate,
        double rate,
        Duration sending,
        Duration patience,
        String agent,
        int words,
        Map<String, Object> options,
        @Nullable String protocol,
        List<InetAddress> sources,
        int threads,
        String name) {
    private static final int CONNECTIONS_MAX = 1_000_000;
    private static final Duration TIME_MAX = Duration.ofHours(24);

    public LoadPlan {
        check(
                connections >= 1 && connections <= CONNECTIONS_MAX,
                "connections",
                connections,
                "1 to " + CONNECTIONS_MAX);
        check(openRate > 0 && openRate <= CONNECTIONS_MAX, "open-rate", openRate, "above 0, to " + CONNECTIONS_MAX);
        check(rate >= 0 && rate <= CONNECTIONS_MAX, "rate", rate, "0 to " + CONNECTIONS_MAX);
        check(!sending.isNegative() && sending.compareTo(TIME_MAX) <= 0, "seconds", sending, "0s to 24h");
        check(!patience.isNegative() && patience.compareTo(TIME_MAX) <= 0, "patience", patience, "0s to 24h");
        check(words >= 0 && words <= 10_000, "words", words, "0 to 10000");
        check(threads >= 1 && threads <= 64, "threads", threads, "1 to 64");
        options = Map.copyOf(options);
        sources = List.copyOf(sources);
    }

    private static void check(boolean allowed, String what, Object value, String range) {
        if (!allowed) {
            throw new IllegalArgumentException("--" + what + " is " + value + "; allowed: " + range);
        }
    }
}
