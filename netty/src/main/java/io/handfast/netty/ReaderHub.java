package io.handfast.netty;

import io.handfast.log.ThreadLog.HeadWatcher;
import java.util.List;
import java.util.Set;

/** Wakes each event loop once for a commit, with the threads that moved and have a reader there (docs/threads.md). */
final class ReaderHub implements HeadWatcher {
    private final List<LoopReaders> loops;

    ReaderHub(List<LoopReaders> loops) {
        this.loops = List.copyOf(loops);
    }

    @Override
    public void moved(Set<String> threadIds) {
        for (LoopReaders loop : loops) {
            loop.moved(threadIds);
        }
    }
}
