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

/** {@code GET /status}: what is in force here, for the panel of the chat page (requirements R6). */
final class StatusRoute {
    private final Map<String, Object> status = new LinkedHashMap<>();

    StatusRoute(Configuration configuration, ReadinessPolicy readiness) {
        Settings settings = configuration.settings();
        status.put("profile", configuration.profile().profile().wireName());
        status.put("profile_chosen_by", configuration.profile().source());
        status.put("strategy", Policies.name(readiness.strategy()));
        status.put("unproven", Policies.name(readiness.unproven()));
        status.put("log", settings.log().replaceFirst(":.*", ""));
        status.put("heartbeat_ms", settings.heartbeat().toMillis());
        status.put("max_age_ms", settings.maxAge().toMillis());
    }

    HttpRoute route() {
        return HttpRoute.admitted(
                "GET", "/status", call -> CompletableFuture.completedFuture(HttpReply.json(200, status)));
    }
}
