package io.handfast.rocksdb;

import io.handfast.log.Entry;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadRecord.Segment;
import io.handfast.protocol.EventEncoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread's record may lag behind its events, so that the piece of an answer costs one row and not two. It lags while a run
 * is under way only, by less than {@value #EVENTS_MAX} events and only in what the events themselves tell: head, time of the
 * last event, bytes of the newest segment. Whoever reads the record reads those events too.
 */
final class RecordLag {
    private static final int EVENTS_MAX = 64;

    private RecordLag() {}

    /** Whether the record has to be written with the events. */
    static boolean over(@Nullable ThreadRecord before, ThreadRecord after) {
        return before == null
                || after.openRuns() == 0
                || before.headSeq() / EVENTS_MAX != after.headSeq() / EVENTS_MAX
                || before.oldestSeq() != after.oldestSeq()
                || before.openRuns() != after.openRuns()
                || before.activeMicros() != after.activeMicros()
                || before.segments().size() != after.segments().size()
                || !before.title().equals(after.title());
    }

    /** Whether a record that was read may have events behind its head. */
    static boolean possible(ThreadRecord record) {
        return record.openRuns() > 0;
    }

    /**
     * The record as it would be if it had been written with its last event.
     *
     * @param behind all events behind the record's head
     * @throws StoreException when they do not follow the head without a hole
     */
    static ThreadRecord madeUp(ThreadRecord record, List<Entry> behind) throws StoreException {
        if (behind.isEmpty()) {
            return record;
        }
        long headSeq = record.headSeq();
        long bytes = 0;
        for (Entry entry : behind) {
            if (entry.seq() != ++headSeq) {
                throw new StoreException("event " + headSeq + " of thread " + record.threadId()
                        + " is missing before event " + entry.seq());
            }
            bytes += entry.json().length;
        }
        Entry last = behind.get(behind.size() - 1);
        long lastMicros = EventEncoder.timestampMicros(last.json(), last.type(), record.threadId(), last.seq());
        if (lastMicros < record.lastMicros()) {
            throw new StoreException("event " + last.seq() + " of thread " + record.threadId() + " has no time after "
                    + record.lastMicros());
        }
        List<Segment> segments = new ArrayList<>(record.segments());
        if (segments.isEmpty()) {
            throw new StoreException("thread " + record.threadId() + " has events and no segment that holds them");
        }
        Segment newest = segments.remove(segments.size() - 1);
        segments.add(new Segment(newest.firstSeq(), newest.firstMicros(), newest.bytes() + bytes));
        return new ThreadRecord(
                record.threadId(),
                record.ownerId(),
                record.incarnation(),
                record.oldestSeq(),
                headSeq,
                lastMicros,
                record.openRuns(),
                record.title(),
                record.activeMicros(),
                List.copyOf(segments));
    }
}
