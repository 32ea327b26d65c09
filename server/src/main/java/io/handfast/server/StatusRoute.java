package io.handfast.server;

import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Policies;
import io.handfast.server.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** {@code GET /status}: what is in force here, for the panel of the chat page (requirements R6). */
final class StatusRoute {
    private final Configuration configuration;
    private final Supplier<ReadinessPolicy> readiness;

    StatusRoute(Configuration configuration, Supplier<ReadinessPolicy> readiness) {
        this.configuration = configuration;
        this.readiness = readiness;
    }

    private Map<String, Object> status() {
        Settings settings = configuration.settings();
        ReadinessPolicy inForce = readiness.get();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("profile", configuration.profile().profile().wireName());
        status.put("profile_chosen_by", configuration.profile().source());
        status.put("strategy", Policies.name(inForce.strategy()));
        status.put("unproven", Policies.name(inForce.unproven()));
        status.put("log", settings.log());
        status.put("heartbeat_ms", settings.heartbeat().toMillis());
        status.put("max_age_ms", settings.maxAge().toMillis());
        return status;
    }

    HttpRoute route() {
        return HttpRoute.admitted(
                "GET", "/status", call -> CompletableFuture.completedFuture(HttpReply.json(200, status())));
    }
}
