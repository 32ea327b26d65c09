package io.handfast.netty;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers of one event loop, by thread of the log. Readers come, go and are told on the loop only; the writer of the log sees
 * just the keys and the set of what moved.
 */
final class LoopReaders {
    /** Told on the loop that the committed head of a thread moved. Compared by identity. */
    interface Reader {
        void headMoved(String threadId);
    }

    private static final Logger LOG = LoggerFactory.getLogger(LoopReaders.class);
    private static final Reader[] NONE = {};

    private final Executor loop;
    private final Map<String, Reader[]> readers = new ConcurrentHashMap<>();
    private final Object lock = new Object();

    /** Guarded by {@link #lock}; not empty exactly while a wake-up is under way. */
    private Set<String> moved = new HashSet<>();

    LoopReaders(Executor loop) {
        this.loop = loop;
    }

    /** On the loop. From the return on, no commit to the thread is missed. */
    void add(String threadId, Reader reader) {
        Reader[] before = readers.getOrDefault(threadId, NONE);
        Reader[] after = new Reader[before.length + 1];
        System.arraycopy(before, 0, after, 0, before.length);
        after[before.length] = reader;
        readers.put(threadId, after);
    }

    /** On the loop. Removes this very reader, once. */
    void remove(String threadId, Reader reader) {
        Reader[] before = readers.get(threadId);
        int index = indexOf(before, reader);
        if (before == null || index < 0) {
            return;
        }
        if (before.length == 1) {
            readers.remove(threadId);
            return;
        }
        Reader[] after = new Reader[before.length - 1];
        System.arraycopy(before, 0, after, 0, index);
        System.arraycopy(before, index + 1, after, index, after.length - index);
        readers.put(threadId, after);
    }

    private static int indexOf(Reader @Nullable [] among, Reader reader) {
        if (among != null) {
            for (int i = 0; i < among.length; i++) {
                if (among[i] == reader) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** On the log's writer. */
    void moved(Set<String> threadIds) {
        boolean wake = false;
        for (String threadId : threadIds) {
            if (readers.containsKey(threadId)) {
                synchronized (lock) {
                    wake |= moved.isEmpty();
                    moved.add(threadId);
                }
            }
        }
        if (wake) {
            loop.execute(this::tell);
        }
    }

    private void tell() {
        Set<String> now;
        synchronized (lock) {
            now = moved;
            moved = new HashSet<>();
        }
        for (String threadId : now) {
            for (Reader reader : readers.getOrDefault(threadId, NONE)) {
                try {
                    reader.headMoved(threadId);
                } catch (RuntimeException | Error e) {
                    LOG.atError().addKeyValue("thread", threadId).setCause(e).log("a reader failed");
                }
            }
        }
    }
}
