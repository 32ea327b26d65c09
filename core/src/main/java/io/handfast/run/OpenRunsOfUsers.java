package io.handfast.run;

import java.util.HashMap;
import java.util.Map;

/** How many runs without an end each user has in this process. May be used by any thread. */
final class OpenRunsOfUsers {
    private final int max;
    private final Map<String, Integer> counts = new HashMap<>();

    /** @param max for each user; 0 for no bound */
    OpenRunsOfUsers(int max) {
        this.max = max;
    }

    /** Counts one more, unless the user has as many as allowed. */
    synchronized boolean take(String userId) {
        if (max > 0 && counts.getOrDefault(userId, 0) >= max) {
            return false;
        }
        add(userId);
        return true;
    }

    /** Counts one that is there, allowed or not. */
    synchronized void add(String userId) {
        counts.merge(userId, 1, Integer::sum);
    }

    /** One that was counted has ended, or never came to be. */
    synchronized void give(String userId) {
        counts.computeIfPresent(userId, (id, count) -> count == 1 ? null : count - 1);
    }

    String refusal(String userId) {
        return "runs of user " + userId + " that have not ended: " + max + "; allowed: no more";
    }
}
