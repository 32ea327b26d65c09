package io.handfast.netty;

import io.handfast.agent.Agent;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the gateway tells of itself. */
final class OpenRoutes {
    private final Gateway gateway;

    OpenRoutes(Gateway gateway) {
        this.gateway = gateway;
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.open("GET", "/healthz", call -> done(HttpReply.text(200, "alive\n"))),
                HttpRoute.open("GET", "/readyz", this::ready),
                HttpRoute.admitted("GET", "/v1/agents", this::agents));
    }

    private CompletionStage<HttpReply> ready(HttpCall call) throws RefusedException {
        if (gateway.draining()) {
            throw new RefusedException(Problem.of(ErrorCode.DRAINING, "this server is going down"));
        }
        return done(HttpReply.text(200, "ready\n"));
    }

    private CompletionStage<HttpReply> agents(HttpCall call) {
        List<Agent> agents = gateway.services().conversations().agents();
        List<Map<String, Object>> described = new ArrayList<>();
        for (Agent agent : agents) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", agent.name());
            one.put("description", agent.description());
            described.add(one);
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("agents", described);
        document.put("default", agents.isEmpty() ? null : agents.get(0).name());
        return done(HttpReply.json(200, document));
    }

    private static CompletionStage<HttpReply> done(HttpReply reply) {
        return CompletableFuture.completedFuture(reply);
    }
}
