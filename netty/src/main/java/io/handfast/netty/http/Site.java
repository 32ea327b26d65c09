package io.handfast.netty.http;

import io.handfast.netty.http.Gatekeeper.Admission;
import io.handfast.netty.http.Gatekeeper.Knock;
import io.handfast.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that answers requests: routes, door, origins and the desk for upgrades. One for the server; any thread may call. */
public final class Site {
    private static final Logger LOG = LoggerFactory.getLogger(Site.class);

    private final Router router;
    private final Gatekeeper gatekeeper;
    private final Origins origins;
    private final UpgradeDesk desk;

    public Site(List<HttpRoute> routes, Gatekeeper gatekeeper, Origins origins, UpgradeDesk desk) {
        this.router = new Router(routes);
        this.gatekeeper = gatekeeper;
        this.origins = origins;
        this.desk = desk;
    }

    boolean upgrades(String path) {
        return desk.path().equals(path);
    }

    /** Answers an ordinary request; the stage never completes exceptionally. */
    CompletionStage<HttpReply> answer(HttpCall call) {
        return guarded(() -> route(call))
                .exceptionally(failure -> failed(call, failure).reply());
    }

    /** Decides on an upgrade; the stage never completes exceptionally. */
    CompletionStage<UpgradeDesk.Decision> decide(HttpCall call) {
        return guarded(() -> {
                    if (!call.method().equals("GET")) {
                        throw new RefusedException(wrongMethod(call, "GET"));
                    }
                    refuseForeign(call);
                    return desk.decide(call);
                })
                .exceptionally(failure -> new UpgradeDesk.Decision.Refused(failed(call, failure)));
    }

    /** Asks the door keeper; refused with {@link RefusedException}, as the cause of the stage. */
    public static CompletionStage<Caller> admit(Gatekeeper gatekeeper, Knock knock, String scope) {
        return gatekeeper.admit(knock).thenCompose(admission -> {
            if (admission instanceof Admission.Admitted admitted) {
                return admitted.caller().scopes().contains(scope)
                        ? CompletableFuture.completedFuture(admitted.caller())
                        : CompletableFuture.failedFuture(new RefusedException(
                                Problem.of(ErrorCode.FORBIDDEN, "the token's scope has to contain " + scope)));
            }
            Problem problem = ((Admission.Refused) admission).problem();
            boolean challenge = problem.status() == 401 && !problem.headers().containsKey("WWW-Authenticate");
            return CompletableFuture.failedFuture(
                    new RefusedException(challenge ? problem.with("WWW-Authenticate", "Bearer") : problem));
        });
    }

    private CompletionStage<HttpReply> route(HttpCall call) throws RefusedException {
        Router.Match match = router.match(call.method(), call.segments());
        if (match instanceof Router.Match.Found found) {
            HttpCall matched = call.matched(found.captures());
            return switch (found.route().access()) {
                case OPEN -> found.route().handler().handle(matched);
                case ADMITTED -> admitted(matched, found.route(), Caller.CHAT);
                case PUBLISHER -> admitted(matched, found.route(), Caller.PUBLISH);
                case ADMIN -> admitted(matched, found.route(), Caller.ADMIN);
            };
        }
        if (match instanceof Router.Match.WrongMethod wrong) {
            if (call.method().equals("OPTIONS")) {
                return CompletableFuture.completedFuture(preflight(call, wrong.allow()));
            }
            throw new RefusedException(wrongMethod(call, wrong.allow()));
        }
        throw new RefusedException(Problem.of(404, "not_found", "there is nothing at " + call.path()));
    }

    private CompletionStage<HttpReply> admitted(HttpCall call, HttpRoute route, String scope) throws RefusedException {
        refuseForeign(call);
        Knock knock = Knock.of(call, false, null);
        return admit(gatekeeper, knock, scope)
                .thenCompose(caller -> guarded(() -> route.handler().handle(call.from(caller))))
                .exceptionally(failure -> failed(call, failure).reply())
                .thenApply(reply -> shared(call, reply));
    }

    /** A page of an allowed foreign origin may read the answer only when the answer says so (Fetch standard, CORS). */
    private HttpReply shared(HttpCall call, HttpReply reply) {
        Optional<String> origin = call.header("Origin").filter(origins::onList);
        if (origin.isEmpty()) {
            return reply;
        }
        Map<String, String> headers = new LinkedHashMap<>(reply.headers());
        headers.put("Access-Control-Allow-Origin", origin.get());
        headers.put("Vary", "Origin");
        if (reply instanceof HttpReply.Stream stream) {
            return new HttpReply.Stream(stream.status(), stream.contentType(), headers, stream.source());
        }
        HttpReply.Content content = (HttpReply.Content) reply;
        return new HttpReply.Content(content.status(), content.contentType(), headers, content.body());
    }

    private HttpReply preflight(HttpCall call, String allow) throws RefusedException {
        refuseForeign(call);
        HttpReply.Content nothing = new HttpReply.Content(
                204,
                "",
                Map.of(
                        "Allow",
                        allow,
                        "Access-Control-Allow-Methods",
                        allow,
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Last-Event-ID, X-Handfast-User",
                        "Access-Control-Max-Age",
                        "600"),
                new byte[0]);
        return shared(call, nothing);
    }

    private void refuseForeign(HttpCall call) throws RefusedException {
        Optional<Problem> refusal = origins.refusal(call);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get());
        }
    }

    private static Problem wrongMethod(HttpCall call, String allow) {
        return Problem.of(405, "method_not_allowed", call.path() + " takes " + allow + ", not " + call.method())
                .with("Allow", allow);
    }

    private static Problem failed(HttpCall call, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedException refused) {
                return refused.problem();
            }
        }
        LOG.atError()
                .addKeyValue("method", call.method())
                .addKeyValue("path", call.path())
                .setCause(failure)
                .log("a request failed");
        return Problem.of(500, "internal_error", "the server failed; the failure is in its log");
    }

    private interface Step<T> {
        CompletionStage<T> take() throws RefusedException;
    }

    /** What a step throws fails its stage, so that there is one way for a failure to come. */
    private static <T> CompletionStage<T> guarded(Step<T> step) {
        try {
            return step.take();
        } catch (RefusedException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
