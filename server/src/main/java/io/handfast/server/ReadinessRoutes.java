package io.handfast.server;

import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.Outcome;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.server.config.ReadinessFields;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET} and {@code PUT /admin/v1/readiness}: the policy by which new connections become READY, until the process ends
 * (scope {@code admin}). Any thread may ask for it.
 */
final class ReadinessRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ReadinessRoutes.class);

    private volatile ReadinessPolicy inForce;

    ReadinessRoutes(ReadinessPolicy first) {
        this.inForce = first;
    }

    ReadinessPolicy inForce() {
        return inForce;
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.admin("GET", "/admin/v1/readiness", call -> show()),
                HttpRoute.admin("PUT", "/admin/v1/readiness", this::change));
    }

    private CompletionStage<HttpReply> show() {
        return CompletableFuture.completedFuture(HttpReply.json(200, ReadinessFields.of(inForce)));
    }

    private synchronized CompletionStage<HttpReply> change(HttpCall call) throws RefusedException {
        Outcome<ReadinessPolicy> changed = ReadinessFields.changed(inForce, call.object());
        if (changed instanceof Outcome.Refused<ReadinessPolicy> refused) {
            throw new RefusedException(Problem.ofFields(refused));
        }
        inForce = ((Outcome.Done<ReadinessPolicy>) changed).value();
        LOG.atInfo()
                .addKeyValue("by", call.caller().userId())
                .addKeyValue("policy", ReadinessFields.of(inForce))
                .log("changed how new connections become READY");
        return show();
    }
}
