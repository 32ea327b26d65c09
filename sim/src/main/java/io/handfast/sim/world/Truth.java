package io.handfast.sim.world;

import io.handfast.log.Batch;
import io.handfast.log.Entry;
import io.handfast.log.MessageRecord;
import io.handfast.log.ThreadRecord;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is in the store, seen where it was written, and what ever was in it. Judges every commit: order, runs, one run for each
 * message, no seq twice in one epoch. It keeps what retention drops.
 */
final class Truth {
    private final Laws laws;
    private final Map<String, Written> threads = new TreeMap<>();

    /** By epoch: the event at each seq, from 1 on, whatever became of it later. */
    private final Map<String, List<Entry>> epochs = new HashMap<>();

    private final Set<MessageName> lost = new HashSet<>();
    private String generation = "";

    /** One thread as it is now. */
    static final class Written {
        final String threadId;
        final String ownerId;
        final String incarnation;
        final List<Entry> entries = new ArrayList<>();
        final Map<String, MessageRecord> messages = new HashMap<>();
        final RunRules rules;
        String epoch;

        /** Up to here the log knows that it is committed. */
        long publishedSeq;

        private Written(ThreadRecord record, Laws laws, String epoch) {
            this.threadId = record.threadId();
            this.ownerId = record.ownerId();
            this.incarnation = record.incarnation();
            this.rules = new RunRules(laws, threadId);
            this.epoch = epoch;
        }

        long headSeq() {
            return entries.size();
        }
    }

    private record MessageName(String threadId, String messageId) {}

    Truth(Laws laws) {
        this.laws = laws;
    }

    /** The store was opened; epochs are those of this generation from now on. */
    void opened(String newGeneration) {
        generation = newGeneration;
        for (Written thread : threads.values()) {
            thread.epoch = epochOf(thread.incarnation);
            epochs.computeIfAbsent(thread.epoch, epoch -> new ArrayList<>(thread.entries));
        }
    }

    /** As the log itself makes an epoch of the two. */
    private String epochOf(String incarnation) {
        return incarnation + "-" + generation;
    }

    /**
     * A batch was written.
     *
     * @param acknowledged whether the log was told so
     */
    void committed(Batch batch, boolean acknowledged) {
        for (Batch.ThreadChange change : batch.threads()) {
            ThreadRecord after = change.after();
            if (after == null) {
                Written deleted = threads.remove(change.threadId());
                if (deleted != null) {
                    lose(deleted, Set.of());
                }
                continue;
            }
            Written thread = threads.computeIfAbsent(change.threadId(), id -> born(after));
            change.appended().forEach(entry -> append(thread, entry));
            laws.expect(
                    after.headSeq() == thread.headSeq(),
                    "the head is the last event",
                    () -> thread.threadId + ": " + after.headSeq() + " instead of " + thread.headSeq());
            if (acknowledged) {
                thread.publishedSeq = thread.headSeq();
            }
        }
        for (MessageRecord message : batch.messages()) {
            Written thread = threads.get(message.threadId());
            if (thread != null) {
                thread.messages.put(message.messageId(), message);
            }
        }
    }

    private Written born(ThreadRecord record) {
        String epoch = epochOf(record.incarnation());
        epochs.computeIfAbsent(epoch, e -> new ArrayList<>());
        return new Written(record, laws, epoch);
    }

    private void append(Written thread, Entry entry) {
        laws.expect(
                entry.seq() == thread.headSeq() + 1,
                "seq rises by one",
                () -> thread.threadId + ": " + entry.seq() + " behind " + thread.headSeq());
        List<Entry> epoch = epochs.getOrDefault(thread.epoch, List.of());
        if (entry.seq() <= epoch.size()) {
            laws.expect(
                    Arrays.equals(epoch.get((int) entry.seq() - 1).json(), entry.json()),
                    "a seq is never used twice in one epoch",
                    () -> thread.threadId + ", epoch " + thread.epoch + ", seq " + entry.seq());
        } else {
            epoch.add(entry);
        }
        thread.entries.add(entry);
        thread.rules.event(entry);
    }

    /** A crash has lost what is not among these batches. */
    void lostAllBut(List<Batch> survivors) {
        Map<String, Written> before = new TreeMap<>(threads);
        threads.clear();
        survivors.forEach(batch -> committed(batch, true));
        for (Written thread : before.values()) {
            Written now = threads.get(thread.threadId);
            lose(thread, now == null ? Set.of() : now.messages.keySet());
        }
    }

    private void lose(Written thread, Set<String> kept) {
        for (String messageId : thread.messages.keySet()) {
            if (!kept.contains(messageId)) {
                lost.add(new MessageName(thread.threadId, messageId));
            }
        }
    }

    @Nullable
    Written thread(String threadId) {
        return threads.get(threadId);
    }

    Collection<Written> threads() {
        return threads.values();
    }

    /** Whether a crash, or the deletion of its thread, has ever taken the message along. */
    boolean lost(String threadId, String messageId) {
        return lost.contains(new MessageName(threadId, messageId));
    }

    /**
     * Whether a frame shows what was committed: the bytes of one event or, from {@code firstSeq} to {@code seq}, the texts of
     * chunks of one run in the last one's frame.
     */
    boolean shows(String epoch, long firstSeq, long seq, Map<?, ?> frame, byte[] json) {
        Entry last = at(epoch, seq);
        if (last == null) {
            return false;
        }
        if (!frame.containsKey("first_seq")) {
            return Arrays.equals(last.json(), json);
        }
        StringBuilder texts = new StringBuilder();
        for (long each = firstSeq; each <= seq; each++) {
            Entry chunk = at(epoch, each);
            if (chunk == null
                    || chunk.type() != EventType.AGENT_RESPONSE_CHUNK
                    || !Objects.equals(last.runId(), chunk.runId())) {
                return false;
            }
            texts.append(payload(JsonFrame.members(chunk.json())).get("text"));
        }
        Map<?, ?> event = JsonFrame.members(last.json());
        return firstSeq < seq
                && payload(frame).equals(Map.of("text", texts.toString()))
                && Objects.equals(event.get("run_id"), frame.get("run_id"))
                && Objects.equals(event.get("type"), frame.get("type"))
                && Objects.equals(event.get("timestamp"), frame.get("timestamp"));
    }

    private static Map<?, ?> payload(Map<?, ?> event) {
        return event.get("payload") instanceof Map<?, ?> payload ? payload : Map.of();
    }

    /** The first event that a frame stands for. */
    static long firstSeq(Map<?, ?> frame) {
        return frame.get("first_seq") instanceof Long first ? first : JsonFrame.number(frame, "seq");
    }

    /** The event that ever stood there, or null when none did. */
    @Nullable
    Entry at(String epoch, long seq) {
        List<Entry> entries = epochs.getOrDefault(epoch, List.of());
        return seq < 1 || seq > entries.size() ? null : entries.get((int) seq - 1);
    }
}
