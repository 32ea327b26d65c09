package io.handfast.netty;

import io.handfast.log.Position;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.Ids;
import java.util.Optional;

/** The query parameters that say which thread, from where and how much (spec/protocol.md, "Endpoint" and "HTTP"). */
final class Positions {
    private Positions() {}

    static String id(String field, String value) throws RefusedException {
        if (!Ids.valid(value)) {
            throw new RefusedException(Problem.invalidField(field, field + " must be " + Ids.ALLOWED));
        }
        return value;
    }

    /** Where {@code after_seq} and {@code epoch} point. */
    static Position of(HttpCall call) throws RefusedException {
        Optional<String> after = call.query("after_seq");
        Optional<String> epoch = call.query("epoch");
        if (epoch.isPresent()) {
            checkEpoch("epoch", epoch.get());
        }
        if (after.isEmpty()) {
            return new Position.Oldest();
        }
        if (after.get().equals("latest")) {
            return new Position.Latest();
        }
        return new Position.After(seq("after_seq", after.get()), epoch.orElse(null));
    }

    /** Where a header {@code Last-Event-ID} points, {@code epoch:seq} as the stream gave it. */
    static Position ofLastEventId(String id) throws RefusedException {
        int colon = id.indexOf(':');
        if (colon < 1) {
            throw new RefusedException(
                    Problem.invalidField("Last-Event-ID", "Last-Event-ID must be epoch:seq, as the stream gave it"));
        }
        return new Position.After(seq("Last-Event-ID", id.substring(colon + 1)), id.substring(0, colon));
    }

    /** How much a page may hold: {@code limit}, a whole number from 1. */
    static int limit(HttpCall call, int defaultLimit, int maxLimit) throws RefusedException {
        Optional<String> text = call.query("limit");
        if (text.isEmpty()) {
            return defaultLimit;
        }
        try {
            int limit = Integer.parseInt(text.get());
            if (limit >= 1 && limit <= maxLimit) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // The refusal below says what is allowed.
        }
        throw new RefusedException(Problem.invalidField(
                "limit", "limit must be a whole number from 1 to " + maxLimit + ", not " + text.get()));
    }

    private static void checkEpoch(String field, String epoch) throws RefusedException {
        if (epoch.isEmpty() || epoch.length() > Ids.MAX_LENGTH || epoch.indexOf(':') >= 0) {
            throw new RefusedException(Problem.invalidField(
                    field,
                    field + " must be one that the server gave: 1 to " + Ids.MAX_LENGTH + " characters without :"));
        }
    }

    private static long seq(String field, String text) throws RefusedException {
        boolean digits = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            throw new RefusedException(
                    Problem.invalidField(field, field + " must be a whole number from 0, or latest, not " + text));
        }
        return Long.parseLong(text);
    }
}
