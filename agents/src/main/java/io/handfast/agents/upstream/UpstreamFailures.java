package io.handfast.agents.upstream;

import io.handfast.agent.AgentFailure;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What to tell a user when an upstream fails (spec/protocol.md, {@code agent_error}). The messages name the agent and what
 * went wrong, never an address or what an error page said: those are for the operator's log.
 */
public final class UpstreamFailures {
    public static final String UPSTREAM_ERROR = "upstream_error";
    public static final String UPSTREAM_TRUNCATED = "upstream_truncated";

    private final String agent;

    public UpstreamFailures(String agent) {
        this.agent = agent;
    }

    public AgentFailure error(String what, boolean retryable) {
        return error(what, retryable, null);
    }

    public AgentFailure error(String what, boolean retryable, @Nullable Throwable cause) {
        return new AgentFailure(UPSTREAM_ERROR, "agent " + agent + ": " + what, retryable, cause);
    }

    /** The answer ended before it was whole. */
    public AgentFailure truncated(String what, @Nullable Throwable cause) {
        return new AgentFailure(UPSTREAM_TRUNCATED, "agent " + agent + ": " + what, true, cause);
    }

    /** A response that is no answer. */
    public AgentFailure status(int status) {
        return switch (status) {
            case 401, 403 -> error("its service refused our credential (HTTP " + status + ")", false);
            case 408 -> error("its service ran out of time (HTTP 408)", true);
            case 429 -> error("its service takes no more requests just now (HTTP 429)", true);
            default -> {
                if (status >= 300 && status < 400) {
                    yield error(
                            "its service answered with a redirect (HTTP " + status + "), which is not followed", false);
                }
                yield error("its service answered HTTP " + status, status >= 500);
            }
        };
    }

    AgentFailure timeout(String what, Duration limit) {
        return error(what + " within " + text(limit), true);
    }

    /** Nothing came back at all. */
    AgentFailure unreachable(Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof HttpConnectTimeoutException) {
                return error("its service cannot be reached: connecting timed out", true, cause);
            }
            if (e instanceof UnresolvedAddressException || e instanceof UnknownHostException) {
                return error("its service cannot be reached: unknown host", true, cause);
            }
            if (e instanceof SSLException) {
                return error("no secure connection to its service: " + e.getMessage(), false, cause);
            }
        }
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof ConnectException) {
                return error("its service cannot be reached: connection refused", true, cause);
            }
        }
        return error("its service broke the connection before it answered", true, cause);
    }

    private static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : String.format(Locale.ROOT, "%.3f s", duration.toMillis() / 1000.0);
    }
}
