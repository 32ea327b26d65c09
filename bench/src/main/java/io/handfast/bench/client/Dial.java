package io.handfast.bench.client;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one socket is opened.
 *
 * @param query parameters of the upgrade request
 * @param protocol the sub-protocol that is offered; null for none
 * @param attachAfter from the 101 until the application listens: text that comes earlier is lost to it, while its stack
 *     already answers Pings (F06)
 * @param coalescedLost whether the stack loses what shares a read with the 101 (F02)
 */
public record Dial(
        Endpoint endpoint,
        Identity identity,
        Map<String, String> query,
        @Nullable String protocol,
        Duration attachAfter,
        boolean coalescedLost) {

    /** A sound client of tier transport. */
    public static Dial to(Endpoint endpoint, Identity identity) {
        return new Dial(endpoint, identity, Map.of(), null, Duration.ZERO, false);
    }

    public Dial withQuery(Map<String, String> other) {
        return new Dial(endpoint, identity, other, protocol, attachAfter, coalescedLost);
    }

    public Dial withProtocol(@Nullable String other) {
        return new Dial(endpoint, identity, query, other, attachAfter, coalescedLost);
    }

    /** The same with an application that listens late, or a stack that loses coalesced bytes. */
    public Dial withFaults(Duration attach, boolean loses) {
        return new Dial(endpoint, identity, query, protocol, attach, loses);
    }

    URI uri() {
        Map<String, String> all = new LinkedHashMap<>(query);
        if (identity.token() == null) {
            all.put("user", identity.user());
        }
        StringBuilder target = new StringBuilder("/v1/ws");
        char separator = '?';
        for (Map.Entry<String, String> parameter : all.entrySet()) {
            target.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return endpoint.webSocket(target.toString());
    }
}
