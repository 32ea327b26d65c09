package io.handfast.log;

import org.jspecify.annotations.Nullable;

/**
 * What the log keeps of the producer of a run fed from outside, in the same atomic write as the events it sent: how far it
 * came, and by when it has to be heard from.
 *
 * @param publisherId the user who opened the run and may feed it, beside the thread's owner
 * @param nextSeq the {@code producer_seq} that comes next: 1 before the first event, counted as the producer sends them
 * @param lastSeq the {@code seq} of the last event that came of it; 0 before the first
 * @param deadlineMicros how long the run may take, counted from {@code agent_started}
 * @param idleDeadlineMicros how long the producer may be silent, counted from the opening at first
 * @param startedMicros when {@code agent_started} was written, Unix time; 0 before
 * @param heardMicros when the run was opened, or a batch with something new was written
 * @param dialect where the reading of a foreign kind of event has come to, a JSON value in UTF-8 that is opaque here; null for
 *     a producer that sends the events of spec/protocol.md, before its first batch, and once the run has ended
 */
@SuppressWarnings("ArrayRecordComponent") // handed through, compared by nobody
public record Producer(
        String publisherId,
        long nextSeq,
        long lastSeq,
        long deadlineMicros,
        long idleDeadlineMicros,
        long startedMicros,
        long heardMicros,
        byte @Nullable [] dialect) {

    static final long FIRST = 1;

    static Producer opened(ThreadLog.Opening opening, long nowMicros) {
        return new Producer(
                opening.callerId(),
                FIRST,
                0,
                opening.deadlineMicros(),
                opening.idleDeadlineMicros(),
                0,
                nowMicros,
                null);
    }

    Producer advanced(long newNextSeq, long newLastSeq, long nowMicros, byte @Nullable [] newDialect) {
        return new Producer(
                publisherId,
                newNextSeq,
                newLastSeq,
                deadlineMicros,
                idleDeadlineMicros,
                startedMicros,
                nowMicros,
                newDialect);
    }

    Producer started(long nowMicros) {
        return new Producer(
                publisherId, nextSeq, lastSeq, deadlineMicros, idleDeadlineMicros, nowMicros, heardMicros, dialect);
    }

    Producer ended() {
        return new Producer(
                publisherId, nextSeq, lastSeq, deadlineMicros, idleDeadlineMicros, startedMicros, heardMicros, null);
    }

    /** When its time is up, Unix time in microseconds. */
    long dueMicros() {
        long idle = heardMicros + idleDeadlineMicros;
        return startedMicros == 0 ? idle : Math.min(idle, startedMicros + deadlineMicros);
    }
}
