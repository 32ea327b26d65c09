package io.handfast.log;

import io.handfast.log.ThreadRecord.Segment;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A thread as one batch changes it: its assigned head, and what was appended. Becomes a record, or is dropped. */
final class ThreadDraft {
    private static final int TITLE_CHARS_MAX = 80;

    private final @Nullable ThreadRecord before;
    private final String threadId;
    private final String ownerId;
    private final String incarnation;
    private final List<Entry> appended = new ArrayList<>(1);

    /** All segments but the newest; copied before the first change, which few batches make. */
    private List<Segment> older;

    /** The newest segment, which nearly every batch changes; null when there is none. */
    private @Nullable Segment newest;

    private long oldestSeq;
    private long headSeq;
    private long lastMicros;
    private int openRuns;
    private String title;
    private long activeMicros;
    private boolean changed;
    private boolean deleted;

    /** A thread that is new. */
    ThreadDraft(String threadId, String ownerId, String incarnation) {
        this.before = null;
        this.threadId = threadId;
        this.ownerId = ownerId;
        this.incarnation = incarnation;
        this.older = List.of();
        this.oldestSeq = 1;
        this.title = "";
        this.changed = true;
    }

    /** A thread that is there. */
    ThreadDraft(ThreadRecord before) {
        this.before = before;
        this.threadId = before.threadId();
        this.ownerId = before.ownerId();
        this.incarnation = before.incarnation();
        int last = before.segments().size() - 1;
        this.older = last <= 0 ? List.of() : before.segments().subList(0, last);
        this.newest = last < 0 ? null : before.segments().get(last);
        this.oldestSeq = before.oldestSeq();
        this.headSeq = before.headSeq();
        this.lastMicros = before.lastMicros();
        this.openRuns = before.openRuns();
        this.title = before.title();
        this.activeMicros = before.activeMicros();
    }

    String ownerId() {
        return ownerId;
    }

    String incarnation() {
        return incarnation;
    }

    int openRuns() {
        return openRuns;
    }

    long headSeq() {
        return headSeq;
    }

    /** The time of the next event: that of the clock, unless it stands behind the last event. */
    long timeMicros(long nowMicros) {
        return Math.max(nowMicros, lastMicros);
    }

    /** Gives the event the next place. */
    long append(EventType type, String runId, byte[] payload, long nowMicros, Retention retention) {
        changed = true;
        lastMicros = timeMicros(nowMicros);
        headSeq++;
        byte[] json = EventEncoder.encode(type, threadId, headSeq, lastMicros, runId, payload);
        appended.add(new Entry(headSeq, type, runId, json));
        Segment last = newest;
        if (last == null) {
            newest = new Segment(headSeq, lastMicros, json.length);
        } else if (retention.segmentFull(last, headSeq - last.firstSeq(), lastMicros)) {
            older = new ArrayList<>(older);
            older.add(last);
            newest = new Segment(headSeq, lastMicros, json.length);
        } else {
            newest = new Segment(last.firstSeq(), last.firstMicros(), last.bytes() + json.length);
        }
        return headSeq;
    }

    void runOpened(String text) {
        changed = true;
        openRuns++;
        activeMicros = lastMicros;
        if (title.isEmpty()) {
            title = firstWords(text);
        }
    }

    void runEnded() {
        changed = true;
        openRuns--;
        activeMicros = lastMicros;
    }

    void delete() {
        changed = true;
        deleted = true;
    }

    /** Drops the oldest segments until the thread is within its bounds; the newest stays. */
    void trim(Retention retention) {
        if (older.isEmpty()) {
            return;
        }
        long bytes = newest == null ? 0 : newest.bytes();
        for (Segment segment : older) {
            bytes += segment.bytes();
        }
        long cutoffMicros = lastMicros - retention.ageMicros();
        int drop = 0;
        while (drop < older.size()
                && (headSeq - older.get(drop).firstSeq() + 1 > retention.eventsPerThread()
                        || bytes > retention.bytesPerThread()
                        || older.get(drop).firstMicros() < cutoffMicros)) {
            bytes -= older.get(drop).bytes();
            drop++;
        }
        dropOldest(drop);
    }

    /** Drops all segments that began at this time or before it; answers whether there were any. */
    boolean trimTo(long cutoffMicros) {
        int drop = 0;
        while (drop < older.size() && older.get(drop).firstMicros() <= cutoffMicros) {
            drop++;
        }
        boolean all = drop == older.size() && newest != null && newest.firstMicros() <= cutoffMicros;
        dropOldest(drop);
        if (all) {
            changed = true;
            newest = null;
            oldestSeq = headSeq + 1;
        }
        return all || drop > 0;
    }

    private void dropOldest(int segments) {
        if (segments == 0) {
            return;
        }
        changed = true;
        older = new ArrayList<>(older.subList(segments, older.size()));
        Segment oldest = older.isEmpty() ? newest : older.get(0);
        oldestSeq = oldest == null ? headSeq + 1 : oldest.firstSeq();
    }

    private List<Segment> segments() {
        Segment last = newest;
        if (older.isEmpty()) {
            return last == null ? List.of() : List.of(last);
        }
        List<Segment> all = new ArrayList<>(older.size() + 1);
        all.addAll(older);
        if (last != null) {
            all.add(last);
        }
        return List.copyOf(all);
    }

    boolean changed() {
        return changed;
    }

    boolean deleted() {
        return deleted;
    }

    /** What is to be written; the draft is not changed any more. */
    Batch.ThreadChange toChange() {
        int trimmed = 0;
        while (trimmed < appended.size() && appended.get(trimmed).seq() < oldestSeq) {
            trimmed++;
        }
        return new Batch.ThreadChange(before, deleted ? null : toRecord(), appended.subList(trimmed, appended.size()));
    }

    ThreadRecord toRecord() {
        if (!changed && before != null) {
            return before;
        }
        return new ThreadRecord(
                threadId,
                ownerId,
                incarnation,
                oldestSeq,
                headSeq,
                lastMicros,
                openRuns,
                title,
                activeMicros,
                segments());
    }

    private static String firstWords(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.length() <= TITLE_CHARS_MAX) {
            return line;
        }
        int end = line.lastIndexOf(' ', TITLE_CHARS_MAX - 1);
        if (end <= 0) {
            end = TITLE_CHARS_MAX - 1;
            if (Character.isHighSurrogate(line.charAt(end - 1))) {
                end--;
            }
        }
        return line.substring(0, end) + "…";
    }
}
