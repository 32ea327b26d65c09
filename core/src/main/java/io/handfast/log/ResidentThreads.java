package io.handfast.log;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads in memory, bounded in number, and their recent events, bounded in bytes over all threads: the oldest event
 * goes first, whosever it is. Only the writer changes anything; {@link #find} may be called from any thread.
 */
final class ResidentThreads {
    private final int threadsMax;
    private final long recentBytesMax;
    private final ConcurrentHashMap<String, ResidentThread> byId = new ConcurrentHashMap<>();

    /** The same threads for the writer, the least recently used first. */
    private final LinkedHashMap<String, ResidentThread> byUse = new LinkedHashMap<>(16, 0.75f, true);

    /** One reference for each event in memory, in order of commit. */
    private final ArrayDeque<ResidentThread> byAge = new ArrayDeque<>();

    private long recentBytes;

    ResidentThreads(int threadsMax, long recentBytesMax) {
        this.threadsMax = threadsMax;
        this.recentBytesMax = recentBytesMax;
    }

    @Nullable
    ResidentThread find(String threadId) {
        return byId.get(threadId);
    }

    /** Makes a committed state of a thread visible, and takes the thread into memory for it. */
    ResidentThread publish(ThreadRecord committed, String generation, List<Entry> appended) {
        ResidentThread thread = byUse.get(committed.threadId());
        if (thread != null) {
            thread.publish(committed, appended);
        } else {
            thread = new ResidentThread(committed, Workspace.epoch(committed.incarnation(), generation));
            thread.publish(committed, appended);
            byUse.put(committed.threadId(), thread);
            byId.put(committed.threadId(), thread);
        }
        for (Entry entry : appended) {
            byAge.add(thread);
            recentBytes += ResidentThread.costOf(entry);
        }
        return thread;
    }

    /**
     * Takes a thread out of memory. Its events stay counted until their turn comes: taking them out of the middle of the
     * queue would cost a search.
     */
    void remove(String threadId) {
        byUse.remove(threadId);
        byId.remove(threadId);
    }

    /** Keeps the state of a run at hand until it ends. */
    void remember(RunState run) {
        ResidentThread thread = byId.get(run.threadId());
        if (thread == null) {
            return;
        }
        if (run.ended()) {
            thread.openRuns().remove(run.runId());
        } else {
            thread.openRuns().put(run.runId(), run);
        }
    }

    /** Forgets what is beyond the bounds. */
    void shrink() {
        while (recentBytes > recentBytesMax) {
            recentBytes -= byAge.remove().forgetOldest();
        }
        Iterator<String> idle = byUse.keySet().iterator();
        while (byUse.size() > threadsMax) {
            byId.remove(idle.next());
            idle.remove();
        }
    }
}
