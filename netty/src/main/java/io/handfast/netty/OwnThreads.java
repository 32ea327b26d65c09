package io.handfast.netty;

import io.handfast.log.ThreadSummary;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The threads of the user who calls: listed in pages, and deleted. */
final class OwnThreads {
    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 200;
    private static final int MICROS_DECIMALS = 6;

    private final Gateway gateway;

    OwnThreads(Gateway gateway) {
        this.gateway = gateway;
    }

    List<HttpRoute> routes() {
        return List.of(
                HttpRoute.admitted("GET", "/v1/threads", this::list),
                HttpRoute.admitted("DELETE", "/v1/threads/{thread_id}", this::delete));
    }

    private CompletionStage<HttpReply> list(HttpCall call) throws RefusedException {
        int limit = Positions.limit(call, DEFAULT_LIMIT, MAX_LIMIT);
        Optional<String> after = call.query("after");
        ThreadSummary last = after.isEmpty() ? null : place(after.get());
        // One more than asked for tells whether there is a next page.
        return gateway.services()
                .log()
                .threads(call.caller().userId(), last, limit + 1)
                .thenApply(outcome -> outcome instanceof Outcome.Done<List<ThreadSummary>> done
                        ? page(done.value(), limit)
                        : Problem.of((Outcome.Refused<List<ThreadSummary>>) outcome)
                                .reply());
    }

    private static HttpReply page(List<ThreadSummary> found, int limit) {
        List<ThreadSummary> shown = found.subList(0, Math.min(limit, found.size()));
        List<Map<String, Object>> threads = new ArrayList<>(shown.size());
        for (ThreadSummary thread : shown) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("thread_id", thread.threadId());
            one.put("title", thread.title());
            one.put("last_activity", BigDecimal.valueOf(thread.activeMicros(), MICROS_DECIMALS));
            threads.add(one);
        }
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("threads", threads);
        if (found.size() > limit) {
            ThreadSummary last = shown.get(limit - 1);
            document.put("next", last.activeMicros() + ":" + last.threadId());
        }
        return HttpReply.json(200, document);
    }

    /** Where a page begins: behind the thread that {@code next} of the page before names. */
    private static ThreadSummary place(String after) throws RefusedException {
        int colon = after.indexOf(':');
        if (colon >= 1 && colon <= 18) {
            String micros = after.substring(0, colon);
            String threadId = after.substring(colon + 1);
            if (micros.chars().allMatch(c -> c >= '0' && c <= '9') && Ids.valid(threadId)) {
                return new ThreadSummary(threadId, "", Long.parseLong(micros));
            }
        }
        throw new RefusedException(
                Problem.invalidField("after", "after must be the next of the page before, not " + after));
    }

    private CompletionStage<HttpReply> delete(HttpCall call) throws RefusedException {
        String threadId = Positions.id("thread_id", call.capture("thread_id"));
        return gateway.services()
                .conversations()
                .delete(call.caller().userId(), threadId)
                .thenApply(outcome -> deleted(threadId, outcome));
    }

    private static HttpReply deleted(String threadId, Outcome<Boolean> outcome) {
        if (outcome instanceof Outcome.Refused<Boolean> refused) {
            return Problem.of(refused).reply();
        }
        boolean wasThere = ((Outcome.Done<Boolean>) outcome).value();
        return wasThere
                ? new HttpReply.Content(204, "", Map.of("Cache-Control", "no-store"), new byte[0])
                : Problem.of(404, "not_found", "there is no thread " + threadId).reply();
    }
}
