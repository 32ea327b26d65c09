package io.handfast.rocksdb;

import io.handfast.log.RunState;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The keys, as README.md lists them. A thread's own keys begin with its incarnation, so that they go with it. */
final class Keys {
    /** Usual length of an incarnation. Others are as good, only slower. */
    static final int INCARNATION_CHARS = 13;

    private static final int ZERO = 0;

    private Keys() {}

    static byte[] thread(String threadId) {
        return new RecordWriter().octet('t').id(threadId).toBytes();
    }

    static byte[] threads() {
        return new byte[] {'t'};
    }

    static String threadId(byte[] key) {
        return new String(key, 1, key.length - 1, StandardCharsets.US_ASCII);
    }

    static byte[] messages(String incarnation) {
        return new RecordWriter().octet('m').id(incarnation).octet(ZERO).toBytes();
    }

    static byte[] message(String incarnation, String messageId) {
        return new RecordWriter()
                .octet('m')
                .id(incarnation)
                .octet(ZERO)
                .id(messageId)
                .toBytes();
    }

    static byte[] run(String runId) {
        return new RecordWriter().octet('r').id(runId).toBytes();
    }

    static byte[] runsOfThread(String incarnation) {
        return new RecordWriter().octet('q').id(incarnation).octet(ZERO).toBytes();
    }

    static byte[] runOfThread(RunState run) {
        return new RecordWriter()
                .octet('q')
                .id(run.incarnation())
                .octet(ZERO)
                .id(run.runId())
                .toBytes();
    }

    static byte[] openRuns() {
        return new byte[] {'o'};
    }

    static byte[] openRun(RunState run) {
        return new RecordWriter()
                .octet('o')
                .fixed(run.openedMicros())
                .fixed(run.openedSeq())
                .id(run.runId())
                .toBytes();
    }

    static String openRunId(byte[] key) {
        int at = 1 + 2 * Long.BYTES;
        return new String(key, at, key.length - at, StandardCharsets.US_ASCII);
    }

    static byte[] activeOf(String ownerId) {
        return new RecordWriter().octet('u').text(ownerId).toBytes();
    }

    /** The most recent first: the complement of the time rises as time falls. */
    static byte[] active(String ownerId, long activeMicros, String threadId) {
        return new RecordWriter()
                .octet('u')
                .text(ownerId)
                .fixed(Long.MAX_VALUE - activeMicros)
                .id(threadId)
                .toBytes();
    }

    static String activeThreadId(byte[] key, byte[] prefix) {
        int at = prefix.length + Long.BYTES;
        return new String(key, at, key.length - at, StandardCharsets.US_ASCII);
    }

    static byte[] events(String incarnation) {
        return new RecordWriter().id(incarnation).octet(ZERO).toBytes();
    }

    static byte[] event(ThreadRecord thread, long seq) {
        RecordWriter key = new RecordWriter();
        event(key, thread, seq);
        return key.toBytes();
    }

    static void event(RecordWriter key, ThreadRecord thread, long seq) {
        key.id(thread.incarnation()).octet(ZERO).fixed(seq);
    }

    static int eventBytes(ThreadRecord thread) {
        return thread.incarnation().length() + 1 + Long.BYTES;
    }

    static long seq(byte[] eventKey) throws StoreException {
        if (eventKey.length < Long.BYTES) {
            throw new StoreException("a key of " + eventKey.length + " bytes among the events");
        }
        return new RecordReader(
                        Arrays.copyOfRange(eventKey, eventKey.length - Long.BYTES, eventKey.length), "an event's key")
                .fixed();
    }

    /** The first key behind all that begin with {@code prefix}. */
    static byte[] behind(byte[] prefix) {
        byte[] end = prefix.clone();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return Arrays.copyOf(end, i + 1);
            }
        }
        throw new IllegalArgumentException("nothing is behind a prefix of ff only");
    }
}
