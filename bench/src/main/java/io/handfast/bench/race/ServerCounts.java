package io.handfast.bench.race;

import io.handfast.bench.client.Identity;
import java.io.IOException;

/**
 * What the server itself counts, from {@code GET /metrics}.
 *
 * @param sent events that it has written to readers
 * @param questions that it has asked before READY, of connections that became READY
 * @param ready connections that became READY
 */
record ServerCounts(long sent, long questions, long ready) {
    private static final int SAME_TIMES_MAX = 40;
    private static final long PAUSE_MILLIS = 25;

    /** As soon as they stand still: a write under way when the last reader left is counted too. */
    static ServerCounts settled(Calls calls, Identity who) throws IOException, InterruptedException {
        ServerCounts last = now(calls, who);
        for (int i = 0; i < SAME_TIMES_MAX; i++) {
            Thread.sleep(PAUSE_MILLIS);
            ServerCounts next = now(calls, who);
            if (next.equals(last)) {
                return next;
            }
            last = next;
        }
        throw new IOException("the server's counts do not settle: somebody else is using it");
    }

    private static ServerCounts now(Calls calls, Identity who) throws IOException, InterruptedException {
        Calls.Answer answer = calls.get("/metrics", who);
        if (answer.status() != 200) {
            throw new IOException("GET /metrics answers " + answer.status());
        }
        return new ServerCounts(
                sum(answer.body(), "handfast_events_delivered_total"),
                sum(answer.body(), "handfast_proof_attempts_sum"),
                sum(answer.body(), "handfast_proof_attempts_count"));
    }

    /** Over all labels. */
    static long sum(String metrics, String name) {
        double sum = 0;
        for (String line : metrics.split("\n", -1)) {
            if (line.startsWith(name)
                    && line.length() > name.length()
                    && " {".indexOf(line.charAt(name.length())) >= 0) {
                sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            }
        }
        return Math.round(sum);
    }

    ServerCounts minus(ServerCounts earlier) {
        return new ServerCounts(sent - earlier.sent, questions - earlier.questions, ready - earlier.ready);
    }
}
