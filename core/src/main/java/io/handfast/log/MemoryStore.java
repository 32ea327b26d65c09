package io.handfast.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine that keeps everything in memory, and nothing longer than the process lives. Events share their bytes with the
 * readers. All methods are short and hold one lock.
 *
 * <p>Retention bounds the events, and nothing else: a thread, its runs and the ids of its messages stay until the thread is
 * deleted, since a message has to be known as long as its thread (spec/protocol.md, {@code message_accepted}). That is some
 * hundred bytes for each message, so this is a store for development and tests.
 */
public final class MemoryStore implements Store {
    private final String generation;
    private final TreeMap<String, StoredThread> threads = new TreeMap<>();
    private final Map<String, RunState> runs = new LinkedHashMap<>();
    private final LinkedHashMap<String, RunState> openRuns = new LinkedHashMap<>();
    private final Map<String, TreeSet<ThreadRecord>> activeByOwner = new LinkedHashMap<>();

    /**
     * @param generation different in each process, since this store never survives one
     */
    public MemoryStore(String generation) {
        this.generation = generation;
    }

    private static final Comparator<ThreadRecord> NEWEST_FIRST =
            Comparator.comparingLong(ThreadRecord::activeMicros).reversed().thenComparing(ThreadRecord::threadId);

    private static final class StoredThread {
        private ThreadRecord record;
        private final NavigableMap<Long, Entry> entries = new TreeMap<>();
        private final Map<String, MessageRecord> messages = new LinkedHashMap<>();
        private final List<String> runIds = new ArrayList<>();

        private StoredThread(ThreadRecord record) {
            this.record = record;
        }
    }

    @Override
    public String generation() {
        return generation;
    }

    @Override
    public synchronized @Nullable ThreadRecord thread(String threadId) {
        StoredThread thread = threads.get(threadId);
        return thread == null ? null : thread.record;
    }

    @Override
    public synchronized @Nullable MessageRecord message(ThreadRecord thread, String messageId) {
        StoredThread stored = find(thread);
        return stored == null ? null : stored.messages.get(messageId);
    }

    private @Nullable StoredThread find(ThreadRecord thread) {
        StoredThread stored = threads.get(thread.threadId());
        return stored != null && stored.record.incarnation().equals(thread.incarnation()) ? stored : null;
    }

    @Override
    public synchronized @Nullable RunState run(String runId) {
        return runs.get(runId);
    }

    @Override
    public synchronized List<RunState> openRuns() {
        return List.copyOf(openRuns.values());
    }

    @Override
    public synchronized List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) {
        StoredThread stored = find(thread);
        List<Entry> read = new ArrayList<>();
        if (stored == null) {
            return read;
        }
        long bytes = 0;
        for (Entry entry : stored.entries.subMap(fromSeq, true, toSeq, true).values()) {
            bytes += entry.json().length;
            if (!read.isEmpty() && bytes > maxBytes) {
                break;
            }
            read.add(entry);
        }
        return read;
    }

    @Override
    public synchronized List<ThreadRecord> threadsOf(String ownerId, @Nullable ThreadSummary after, int limit) {
        List<ThreadRecord> page = new ArrayList<>();
        for (ThreadRecord thread : activeByOwner.getOrDefault(ownerId, new TreeSet<>(NEWEST_FIRST))) {
            if (page.size() == limit) {
                break;
            }
            boolean behind = after == null
                    || thread.activeMicros() < after.activeMicros()
                    || (thread.activeMicros() == after.activeMicros()
                            && thread.threadId().compareTo(after.threadId()) > 0);
            if (behind) {
                page.add(thread);
            }
        }
        return page;
    }

    @Override
    public synchronized @Nullable String scan(
            @Nullable String afterThreadId, int limit, Consumer<ThreadRecord> visitor) {
        NavigableMap<String, StoredThread> rest =
                afterThreadId == null ? threads : threads.tailMap(afterThreadId, false);
        int seen = 0;
        for (Map.Entry<String, StoredThread> thread : rest.entrySet()) {
            visitor.accept(thread.getValue().record);
            if (++seen == limit) {
                return thread.getKey();
            }
        }
        return null;
    }

    @Override
    public synchronized void commit(Batch batch) {
        batch.threads().forEach(this::apply);
        for (MessageRecord message : batch.messages()) {
            present(message.threadId()).messages.put(message.messageId(), message);
        }
        for (RunState run : batch.runs()) {
            if (runs.put(run.runId(), run) == null) {
                present(run.threadId()).runIds.add(run.runId());
            }
            if (run.ended()) {
                openRuns.remove(run.runId());
            } else {
                openRuns.put(run.runId(), run);
            }
        }
    }

    private void apply(Batch.ThreadChange change) {
        ThreadRecord before = change.before();
        ThreadRecord after = change.after();
        if (before != null && before.activeMicros() > 0) {
            active(before.ownerId()).remove(before);
        }
        if (after == null) {
            for (String runId : present(change.threadId()).runIds) {
                runs.remove(runId);
                openRuns.remove(runId);
            }
            threads.remove(change.threadId());
            return;
        }
        StoredThread thread = threads.computeIfAbsent(change.threadId(), id -> new StoredThread(after));
        thread.record = after;
        for (Entry entry : change.appended()) {
            thread.entries.put(entry.seq(), entry);
        }
        thread.entries.headMap(after.oldestSeq(), false).clear();
        if (after.activeMicros() > 0) {
            active(after.ownerId()).add(after);
        }
    }

    private StoredThread present(String threadId) {
        StoredThread thread = threads.get(threadId);
        if (thread == null) {
            throw new IllegalStateException("a batch refers to thread " + threadId + ", which is not there");
        }
        return thread;
    }

    private NavigableSet<ThreadRecord> active(String ownerId) {
        return activeByOwner.computeIfAbsent(ownerId, owner -> new TreeSet<>(NEWEST_FIRST));
    }

    @Override
    public void close() {}
}
