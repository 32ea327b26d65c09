package io.handfast.netty;

import io.handfast.connection.ConnectionSetup.Subscription;
import io.handfast.connection.Tier;
import io.handfast.log.Position;
import io.handfast.netty.http.Gatekeeper.Knock;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.TraceParent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An upgrade to a WebSocket that keeps the rules of RFC 6455, section 4.2.1, and of spec/protocol.md, "Endpoint".
 *
 * @param accept for {@code Sec-WebSocket-Accept}
 * @param protocol the sub-protocol that is chosen; null for none
 * @param traceparent the trace that the messages of this connection belong to; null for none
 */
record UpgradeRequest(
        String accept,
        @Nullable String protocol,
        @Nullable Subscription subscription,
        Knock knock,
        @Nullable String traceparent) {

    static final String APPLICATION = "handfast.v1";
    static final String TRANSPORT = "handfast.v1.transport";
    private static final String BEARER = "bearer.";
    private static final String KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;

    static UpgradeRequest of(HttpCall call) throws RefusedException {
        if (!tokens(call, "Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase)) {
            throw new RefusedException(Problem.of(426, "upgrade_required", "this path speaks WebSocket only")
                    .with("Upgrade", "websocket")
                    .with("Sec-WebSocket-Version", "13"));
        }
        if (!tokens(call, "Connection").stream().anyMatch("upgrade"::equalsIgnoreCase)) {
            throw bad("Connection", "the header Connection must name Upgrade");
        }
        if (!call.header("Sec-WebSocket-Version").map(String::strip).equals(Optional.of("13"))) {
            throw new RefusedException(
                    Problem.of(426, "upgrade_required", "the header Sec-WebSocket-Version must be 13")
                            .with("Upgrade", "websocket")
                            .with("Sec-WebSocket-Version", "13"));
        }
        if (call.body().length > 0) {
            throw bad("Content-Length", "an upgrade has no body");
        }
        List<String> offered = tokens(call, "Sec-WebSocket-Protocol");
        return new UpgradeRequest(
                accept(call),
                choose(offered),
                subscription(call),
                knock(call, offered),
                TraceParent.of(call.headers(TraceParent.HEADER)));
    }

    Tier tier() {
        return APPLICATION.equals(protocol) ? Tier.APPLICATION : Tier.TRANSPORT;
    }

    private static List<String> tokens(HttpCall call, String header) {
        List<String> tokens = new ArrayList<>();
        for (String value : call.headers(header)) {
            for (String token : value.split(",", -1)) {
                if (!token.isBlank()) {
                    tokens.add(token.strip());
                }
            }
        }
        return tokens;
    }

    private static String accept(HttpCall call) throws RefusedException {
        List<String> keys = call.headers("Sec-WebSocket-Key");
        String key = keys.size() == 1 ? keys.get(0).strip() : "";
        if (!isKey(key)) {
            throw bad("Sec-WebSocket-Key", "there must be one header Sec-WebSocket-Key, with 16 bytes in base64");
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1").digest((key + KEY_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    private static boolean isKey(String key) {
        try {
            return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static @Nullable String choose(List<String> offered) {
        return offered.stream()
                .filter(protocol -> protocol.equals(APPLICATION) || protocol.equals(TRANSPORT))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Subscription subscription(HttpCall call) throws RefusedException {
        Position position = Positions.of(call);
        Optional<String> thread = call.query("thread_id");
        return thread.isEmpty() ? null : new Subscription(Positions.id("thread_id", thread.get()), position);
    }

    private static Knock knock(HttpCall call, List<String> offered) throws RefusedException {
        String bearer = offered.stream()
                .filter(protocol -> protocol.startsWith(BEARER))
                .map(protocol -> protocol.substring(BEARER.length()))
                .findFirst()
                .orElse(null);
        return Knock.of(call, true, bearer);
    }

    private static RefusedException bad(String field, String detail) {
        return new RefusedException(Problem.invalidField(field, detail));
    }
}
