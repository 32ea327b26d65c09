package io.handfast.bench.client;

import io.handfast.bench.client.Fault.Kind;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What came of one thread, as it came off the wire and before a client mends anything, held against spec/protocol.md, "Events":
 * {@code seq} rises by exactly 1, every event belongs to the thread and its user, and a run is legal. A hole behind which
 * the reader asked again is no fault of the transcript, but counted. Not for use by several threads.
 */
public final class Transcript {
    private static final int FAULTS_KEPT = 20;
    private static final int MISSING_MAX = 10_000;

    private final String threadId;
    private final String user;
    private final List<Fault> faults = new ArrayList<>();
    private final TreeSet<Long> missing = new TreeSet<>();
    private final Map<String, RunInSight> runs = new HashMap<>();
    private @Nullable String epoch;
    private long last = -1;
    private long inOrder = -1;
    private long events;
    private long asked;
    private long faultCount;

    /** The transcript of a thread that belongs to {@code user}. */
    public Transcript(String threadId, String user) {
        this.threadId = threadId;
        this.user = user;
    }

    /** The server has said where it goes on: what was read before stays read, and nothing may be missing between. */
    public void subscribed(ServerFrame subscribed) {
        if (!subscribed.text("thread_id").equals(threadId)) {
            fault(Kind.FOREIGN, "subscribed to " + subscribed.text("thread_id"));
            return;
        }
        long from = subscribed.number("from_seq");
        String now = subscribed.text("epoch");
        boolean goesOn = last >= 0 && now.equals(epoch);
        if (goesOn && from > last + 1) {
            fault(Kind.HOLE, "goes on with " + from + " behind " + last);
        }
        if (!goesOn) {
            missing.clear();
            runs.clear();
        }
        NavigableSet<Long> comeAgain = missing.tailSet(from, true);
        asked += comeAgain.size();
        comeAgain.clear();
        epoch = now;
        last = from - 1;
        inOrder = last;
    }

    /** An event has come. */
    public void event(ServerFrame event) {
        events += event.seq() - event.firstSeq() + 1;
        if (!event.text("thread_id").equals(threadId)) {
            fault(Kind.FOREIGN, "an event of thread " + event.text("thread_id"));
            return;
        }
        if (epoch == null) {
            fault(Kind.DISORDER, "seq " + event.seq() + " before the server said where it begins");
            return;
        }
        place(event.firstSeq(), event.seq());
        ServerFrame payload = event.payload();
        boolean next = event.firstSeq() == inOrder + 1;
        inOrder = next ? event.seq() : inOrder;
        if (event.type().equals(EventType.USER_MESSAGE.wireName())) {
            if (!payload.text("user_id").equals(user)) {
                fault(Kind.FOREIGN, "a message of user " + payload.text("user_id"));
            }
        } else if (next) { // behind a hole, nothing can be said about a run
            String broken = runs.computeIfAbsent(event.text("run_id"), id -> new RunInSight(event.type()))
                    .takes(event.type(), payload.text("text"));
            if (broken != null) {
                fault(Kind.BROKEN_RUN, "run " + event.text("run_id") + ", seq " + event.seq() + ": " + broken);
            }
        }
    }

    private void place(long first, long seq) {
        if (first > seq) {
            fault(Kind.DISORDER, "first_seq " + first + " above seq " + seq);
        }
        if (first > last + 1) {
            for (long hole = last + 1; hole < first && missing.size() < MISSING_MAX; hole++) {
                missing.add(hole);
            }
        }
        for (long at = first; at <= Math.min(seq, last); at++) {
            boolean late = missing.remove(at);
            fault(late ? Kind.DISORDER : Kind.REPEAT, "seq " + at + " behind " + last);
        }
        last = Math.max(last, seq);
    }

    private void fault(Kind kind, String detail) {
        faultCount++;
        if (faults.size() < FAULTS_KEPT) {
            faults.add(new Fault(kind, "thread " + threadId + ": " + detail));
        }
    }

    /** Events that came, those of coalesced frames counted each. */
    public long events() {
        return events;
    }

    /** How many events were missing on one connection, and were asked for again on the next. */
    public long askedAgain() {
        return asked;
    }

    /** How much is wrong with what came so far; holes are filled if what is missing still comes. */
    public long faultCount() {
        return faultCount + missing.size();
    }

    /** What is wrong; the first of each that there are, if there are many. */
    public List<Fault> faults() {
        List<Fault> all = new ArrayList<>(faults);
        if (!missing.isEmpty()) {
            all.add(new Fault(
                    Kind.HOLE,
                    "thread " + threadId + ": " + missing.size() + " never came, the first of them seq "
                            + missing.first()));
        }
        return all;
    }

    /** As much of a run as has been read. */
    private static final class RunInSight {
        private final StringBuilder pieces = new StringBuilder();
        private final boolean fromTheStart;
        private boolean started;
        private boolean ended;

        /** A reader may come in the middle of a run. */
        RunInSight(String firstType) {
            this.fromTheStart = firstType.equals(EventType.AGENT_STARTED.wireName());
        }

        /** Takes the next event; says what is wrong with it, or nothing. */
        @Nullable
        String takes(String type, String text) {
            if (ended) {
                return type + " behind the end";
            }
            if (type.equals(EventType.AGENT_STARTED.wireName())) {
                boolean again = started;
                started = true;
                return again ? "a second agent_started" : null;
            }
            if (type.equals(EventType.AGENT_RESPONSE_CHUNK.wireName())) {
                pieces.append(text);
            } else if (type.equals(EventType.AGENT_COMPLETED.wireName())) {
                ended = true;
                return fromTheStart && !pieces.toString().equals(text) ? "the answer is not what its chunks say" : null;
            } else {
                ended = type.equals(EventType.AGENT_ERROR.wireName())
                        || type.equals(EventType.AGENT_CANCELLED.wireName());
            }
            return null;
        }
    }
}
