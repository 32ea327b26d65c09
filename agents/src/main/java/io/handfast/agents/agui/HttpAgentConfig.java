package io.handfast.agents.agui;

import io.handfast.agents.upstream.UpstreamLimits;
import io.handfast.protocol.Ids;
import java.net.URI;
import java.util.Map;

/**
 * An agent behind HTTP that speaks AG-UI, as configured (docs/agents-http.md).
 *
 * @param name by which clients choose it: an id of spec/protocol.md
 * @param description one sentence for people who choose
 * @param url where {@code RunAgentInput} is posted: http or https
 * @param headers sent with every request; values may refer to the environment, see
 *     {@link io.handfast.agents.upstream.Secrets}
 * @param historyTurnsMax how many earlier messages are sent, the latest; 0 sends none
 * @param maxEventBytes the most that one event of the agent may have
 */
public record HttpAgentConfig(
        String name,
        String description,
        URI url,
        Map<String, String> headers,
        UpstreamLimits limits,
        int historyTurnsMax,
        int maxEventBytes) {

    public static final int HISTORY_TURNS_MAX = 200;
    public static final int MAX_EVENT_BYTES = 1 << 20;

    /** @throws IllegalArgumentException for a value out of range; the message names it and what is allowed */
    public HttpAgentConfig {
        headers = Map.copyOf(headers);
        if (!Ids.valid(name)) {
            throw new IllegalArgumentException("agent name '" + name + "': must be " + Ids.ALLOWED);
        }
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
            throw new IllegalArgumentException(
                    "agent " + name + ": url '" + url + "': must be http:// or https:// with a host");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("agent " + name + ": url: must not hold a password; use headers");
        }
        atLeast(name, "history-turns-max", historyTurnsMax, 0);
        atLeast(name, "max-event-bytes", maxEventBytes, 1024);
    }

    /** With the defaults for everything but name and URL. */
    public static HttpAgentConfig ofDefaults(String name, URI url) {
        return new HttpAgentConfig(
                name,
                "The agent " + name + ".",
                url,
                Map.of(),
                UpstreamLimits.DEFAULTS,
                HISTORY_TURNS_MAX,
                MAX_EVENT_BYTES);
    }

    private static void atLeast(String agent, String setting, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "agent " + agent + ": " + setting + " " + value + ": must be at least " + least);
        }
    }
}
