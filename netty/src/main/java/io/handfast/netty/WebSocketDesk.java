package io.handfast.netty;

import io.handfast.connection.ConnectionSetup.Subscription;
import io.handfast.log.ThreadHead;
import io.handfast.netty.http.Caller;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.netty.http.Site;
import io.handfast.netty.http.UpgradeDesk;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Decides before the 101: the request's form, who it is, and whose the thread is (spec/protocol.md, "Who", "Whose"). */
final class WebSocketDesk implements UpgradeDesk {
    private final Gateway gateway;

    WebSocketDesk(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public String path() {
        return "/v1/ws";
    }

    @Override
    public CompletionStage<Decision> decide(HttpCall call) throws RefusedException {
        UpgradeRequest request = UpgradeRequest.of(call);
        if (gateway.draining()) {
            throw new RefusedException(Problem.of(ErrorCode.DRAINING, "this server is going down; connect again")
                    .with("Retry-After", "1"));
        }
        return Site.admit(gateway.services().gatekeeper(), request.knock(), Caller.CHAT)
                .thenCompose(caller -> claimed(request, caller));
    }

    private CompletionStage<Decision> claimed(UpgradeRequest request, Caller caller) {
        Subscription subscription = request.subscription();
        if (subscription == null) {
            return CompletableFuture.completedFuture(accepted(request, caller));
        }
        return gateway.services()
                .log()
                .claim(subscription.threadId(), caller.userId())
                .thenApply(claim -> {
                    if (claim instanceof Outcome.Refused<ThreadHead> refused) {
                        return new Decision.Refused(Problem.of(refused));
                    }
                    return accepted(request, caller);
                });
    }

    private Decision accepted(UpgradeRequest request, Caller caller) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Upgrade", "websocket");
        headers.put("Connection", "Upgrade");
        headers.put("Sec-WebSocket-Accept", request.accept());
        String protocol = request.protocol();
        if (protocol != null) {
            headers.put("Sec-WebSocket-Protocol", protocol);
        }
        return new Decision.Accepted(
                headers,
                (channel, written, early) ->
                        ConnectionHandler.takeOver(gateway, channel, caller, request, written, early));
    }
}
