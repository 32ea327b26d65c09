package io.handfast.log;

import io.handfast.log.ThreadRecord.Segment;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import java.util.ArrayDeque;
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
    private final ArrayDeque<Segment> segments = new ArrayDeque<>();
    private final List<Entry> appended = new ArrayList<>();
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
        this.segments.addAll(before.segments());
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
        Segment last = segments.peekLast();
        if (last == null || retention.segmentFull(last, headSeq - last.firstSeq(), lastMicros)) {
            segments.add(new Segment(headSeq, lastMicros, json.length));
        } else {
            segments.removeLast();
            segments.add(new Segment(last.firstSeq(), last.firstMicros(), last.bytes() + json.length));
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
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += segment.bytes();
        }
        long cutoffMicros = lastMicros - retention.ageMicros();
        while (segments.size() > 1
                && (headSeq - oldestSeq + 1 > retention.eventsPerThread()
                        || bytes > retention.bytesPerThread()
                        || segments.element().firstMicros() < cutoffMicros)) {
            bytes -= segments.element().bytes();
            dropOldestSegment();
        }
    }

    /** Drops all segments that began at this time or before it; answers whether there were any. */
    boolean trimTo(long cutoffMicros) {
        long oldestBefore = oldestSeq;
        while (!segments.isEmpty() && segments.element().firstMicros() <= cutoffMicros) {
            dropOldestSegment();
        }
        return oldestSeq != oldestBefore;
    }

    private void dropOldestSegment() {
        changed = true;
        segments.remove();
        oldestSeq = segments.isEmpty() ? headSeq + 1 : segments.element().firstSeq();
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
                List.copyOf(segments));
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
