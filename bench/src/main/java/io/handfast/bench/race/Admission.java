package io.handfast.bench.race;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What a ground answers when heats want to begin.
 *
 * @param server where the server for them listens; null when they cannot be run here, as others may
 * @param refusal why they cannot, for people; empty when they can
 */
public record Admission(@Nullable InetSocketAddress server, String refusal) {
    static Admission to(InetSocketAddress server) {
        return new Admission(server, "");
    }

    static Admission refused(String why) {
        return new Admission(null, why);
    }
}
