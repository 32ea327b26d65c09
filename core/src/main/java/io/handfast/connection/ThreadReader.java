package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Position;
import io.handfast.protocol.Incoming;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection stands in one thread. At most one Claim and one Read of a thread are under way at a time, also over an
 * unsubscribe: answers carry no mark of the question they belong to, so a reader outlives its subscription until the answer
 * is in, and {@link #takeAnswer} tells whether it is still wanted.
 */
final class ThreadReader {
    private static final long RETRY_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RETRY_LAST_NANOS = TimeUnit.SECONDS.toNanos(5);

    final String threadId;

    private @Nullable Position claimed;
    private List<Incoming> waiting = List.of();
    private @Nullable Cursor cursor;
    private long sentSeq;
    private boolean reading;
    private boolean answerStale;
    private boolean hungry;
    private long retryNanos = NEVER;
    private long retryPauseNanos;
    private final Set<String> openRuns = new HashSet<>(2);

    ThreadReader(String threadId) {
        this.threadId = threadId;
    }

    // ---- the claim

    void claim(Position position) {
        claimed = position;
    }

    boolean claiming() {
        return claimed != null;
    }

    /** The position that was claimed; the claim is over. */
    Position takeClaim() {
        Position position = claimed;
        if (position == null) {
            throw new IllegalStateException("an answer to no claim of thread " + threadId);
        }
        claimed = null;
        return position;
    }

    /** Keeps a request about this thread until the claim is answered, so that answers come in the order of requests. */
    void await(Incoming frame) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(2);
        }
        waiting.add(frame);
    }

    List<Incoming> takeWaiting() {
        List<Incoming> taken = waiting;
        waiting = List.of();
        return taken;
    }

    // ---- the cursor

    boolean subscribed() {
        return cursor != null;
    }

    /** Stands at the cursor from now on; an answer under way is for the old one. */
    void moveTo(Cursor position) {
        boolean sameEpoch = cursor != null && cursor.epoch().equals(position.epoch());
        sentSeq = sameEpoch ? Math.max(sentSeq, position.seq()) : position.seq();
        leave();
        cursor = position;
        hungry = true;
    }

    /** Reads no more. */
    void leave() {
        cursor = null;
        hungry = false;
        answerStale = reading;
        openRuns.clear();
        retryNanos = NEVER;
        retryPauseNanos = 0;
    }

    /** The greatest {@code seq} that was sent in this epoch. */
    long sentSeq() {
        return sentSeq;
    }

    /** Passes over entries that are sent now. */
    void advance(List<Entry> entries) {
        Cursor at = cursor;
        if (at == null) {
            throw new IllegalStateException("entries for thread " + threadId + ", which is not subscribed");
        }
        long first = entries.get(0).seq();
        long last = entries.get(entries.size() - 1).seq();
        if (first != at.seq() + 1 || last != at.seq() + entries.size()) {
            throw new IllegalStateException("thread " + threadId + ": " + entries.size() + " entries from seq " + first
                    + " to " + last + " do not follow " + at.seq());
        }
        for (Entry entry : entries) {
            if (entry.runId() != null) {
                if (entry.type().terminal()) {
                    openRuns.remove(entry.runId());
                } else {
                    openRuns.add(entry.runId());
                }
            }
        }
        cursor = new Cursor(at.epoch(), last);
        sentSeq = Math.max(sentSeq, last);
        retryPauseNanos = 0;
    }

    // ---- the read

    /** There may be more behind the cursor. */
    void wantMore() {
        hungry = subscribed();
    }

    boolean wantsRead() {
        return hungry && !reading && retryNanos == NEVER;
    }

    /** Begins a read; the cursor to read behind. */
    Cursor read() {
        Cursor at = cursor;
        if (at == null) {
            throw new IllegalStateException("a read of thread " + threadId + ", which is not subscribed");
        }
        hungry = false;
        reading = true;
        return at;
    }

    boolean reading() {
        return reading;
    }

    /** The read is over; whether its answer is for where the reader stands. */
    boolean takeAnswer() {
        if (!reading) {
            throw new IllegalStateException("an answer to no read of thread " + threadId);
        }
        reading = false;
        boolean wanted = !answerStale;
        answerStale = false;
        return wanted;
    }

    /** The log cannot be read: tries again later, ever later. Whether this is the first failure in a row. */
    boolean postpone(long now) {
        boolean first = retryPauseNanos == 0;
        retryPauseNanos = first ? RETRY_FIRST_NANOS : Math.min(2 * retryPauseNanos, RETRY_LAST_NANOS);
        retryNanos = now + retryPauseNanos;
        hungry = true;
        return first;
    }

    /** The log answered, if only that there is nothing. */
    void answered() {
        retryPauseNanos = 0;
    }

    long retryNanos() {
        return retryNanos;
    }

    void retryNow() {
        retryNanos = NEVER;
    }

    // ---- draining

    /** Whether no event of this thread is still to come, as far as one can know: a run under way has more to say. */
    boolean settled() {
        return !subscribed() || (!hungry && !reading && openRuns.isEmpty());
    }

    /** Whether nothing refers to this reader any more. */
    boolean forgettable() {
        return !claiming() && !subscribed() && !reading;
    }
}
