package io.handfast.netty;

import io.handfast.log.ThreadLog;
import io.handfast.netty.http.Gatekeeper;
import io.handfast.netty.http.HttpRoute;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.run.Conversations;
import java.util.List;
import java.util.function.Function;

/**
 * What the gateway stands between the clients and; all of it can take work from the moment the gateway is started.
 *
 * @param readiness the policy for a new connection of a user; asked once for each, on an event loop
 * @param routes further routes, looked at before the gateway's own; asked for once, when the server starts
 */
public record GatewayServices(
        ThreadLog log,
        Conversations conversations,
        Gatekeeper gatekeeper,
        Function<String, ReadinessPolicy> readiness,
        GatewayMetrics metrics,
        Function<ThreadStreams, List<HttpRoute>> routes) {}
