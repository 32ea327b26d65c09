package io.handfast.connection;

import static io.handfast.connection.Deadlines.NEVER;

import io.handfast.log.Entry;
import io.handfast.log.Slice;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Refusal;
import io.handfast.protocol.ServerFrames;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The threads that a connection reads, and whose turn it is: round robin, a read each, while output flows. Events are never
 * queued here: what cannot be sent when it comes is read again later.
 */
final class ThreadReaders {
    /** So that one slow load does not hold up the others, and few answers are wasted when output blocks. */
    private static final int READS_UNDER_WAY_MAX = 4;

    /** The reason of spec/protocol.md for the end of a subscription that the client did not ask for. */
    private static final String DELETED = "deleted";

    private final int readBytes;
    private final Outbox outbox;
    private final Map<String, ThreadReader> readers = new LinkedHashMap<>(2);
    private final ArrayDeque<ThreadReader> turns = new ArrayDeque<>(2);
    private int readsUnderWay;

    ThreadReaders(int readBytes, Outbox outbox) {
        this.readBytes = readBytes;
        this.outbox = outbox;
    }

    @Nullable
    ThreadReader find(String threadId) {
        return readers.get(threadId);
    }

    ThreadReader findOrCreate(String threadId) {
        return readers.computeIfAbsent(threadId, ThreadReader::new);
    }

    /** Drops a reader that nothing refers to. */
    void forget(ThreadReader reader) {
        if (reader.forgettable()) {
            readers.remove(reader.threadId, reader);
        }
    }

    int count() {
        return readers.size();
    }

    /** The reader may have something to read. */
    void wake(ThreadReader reader) {
        reader.wantMore();
        line(reader);
    }

    private void line(ThreadReader reader) {
        if (reader.wantsRead() && !turns.contains(reader)) {
            turns.add(reader);
        }
    }

    void headMoved(String threadId) {
        ThreadReader reader = readers.get(threadId);
        if (reader != null) {
            wake(reader);
        }
    }

    /** Asks the log for what is due. */
    void pump() {
        while (readsUnderWay < READS_UNDER_WAY_MAX && !turns.isEmpty()) {
            ThreadReader reader = turns.remove();
            if (reader.wantsRead()) {
                readsUnderWay++;
                outbox.add(new Effect.Read(reader.threadId, reader.read(), readBytes));
            }
        }
    }

    /**
     * Takes the log's answer.
     *
     * @return what ends the connection, or null
     */
    @Nullable
    Trigger answer(String threadId, Slice slice, boolean writable, long now) {
        ThreadReader reader = readers.get(threadId);
        if (reader == null) {
            throw new IllegalStateException("an answer to no read of thread " + threadId);
        }
        boolean wanted = reader.takeAnswer();
        readsUnderWay--;
        Trigger end = wanted ? use(reader, slice, writable, now) : null;
        line(reader);
        forget(reader);
        return end;
    }

    private @Nullable Trigger use(ThreadReader reader, Slice slice, boolean writable, long now) {
        if (slice instanceof Slice.Events events) {
            grant(reader, events, writable);
            return null;
        }
        if (slice instanceof Slice.Trimmed) {
            return Trigger.OVERTAKEN;
        }
        if (slice instanceof Slice.Replaced) {
            return Trigger.REPLACED;
        }
        if (slice instanceof Slice.Deleted) {
            reader.leave();
            outbox.add(new Effect.UnwatchThread(reader.threadId));
            outbox.text(ServerFrames.unsubscribed(reader.threadId, DELETED));
            return null;
        }
        if (reader.postpone(now)) {
            String why = slice instanceof Slice.Unavailable unavailable ? unavailable.why() : "not loaded";
            outbox.text(ServerFrames.error(new Refusal(
                    ErrorCode.UNAVAILABLE,
                    "events cannot be read now (" + why + "); they follow as soon as they can",
                    "subscribe",
                    null,
                    reader.threadId)));
        }
        return null;
    }

    private void grant(ThreadReader reader, Slice.Events events, boolean writable) {
        List<Entry> entries = events.entries();
        reader.answered();
        if (!entries.isEmpty() && writable) {
            reader.advance(entries);
            outbox.entries(new Effect.SendEntries(reader.threadId, entries));
        }
        if (events.more() || (!entries.isEmpty() && !writable)) {
            reader.wantMore();
        }
    }

    long nextRetryNanos() {
        long next = NEVER;
        for (ThreadReader reader : readers.values()) {
            next = Math.min(next, reader.retryNanos());
        }
        return next;
    }

    void retryDue(long now) {
        for (ThreadReader reader : readers.values()) {
            if (now >= reader.retryNanos()) {
                reader.retryNow();
                line(reader);
            }
        }
    }

    /** Whether nothing of any thread is still to come. */
    boolean settled() {
        for (ThreadReader reader : readers.values()) {
            if (!reader.settled()) {
                return false;
            }
        }
        return true;
    }

    /** The connection is over. */
    void unwatchAll() {
        for (ThreadReader reader : readers.values()) {
            if (reader.subscribed()) {
                outbox.add(new Effect.UnwatchThread(reader.threadId));
            }
        }
        readers.clear();
        turns.clear();
    }
}
