package io.handfast.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Encodes an event of a thread's log, once, when it is appended: the payload's bytes are spliced in as they stand, the
 * rest is plain ASCII. The shape is that of spec/protocol.md, "Events: the log of a thread".
 */
public final class EventEncoder {
    private static final Map<EventType, byte[]> HEADS = new EnumMap<>(EventType.class);
    private static final byte[] SEQ = ascii("\",\"seq\":");
    private static final byte[] TIMESTAMP = ascii(",\"timestamp\":");
    private static final byte[] RUN_ID = ascii(",\"run_id\":\"");
    private static final byte[] PAYLOAD = ascii(",\"payload\":");
    private static final int DIGITS_OF_LONG_MAX = 20;
    private static final int FRACTION_DIGITS = 6;
    private static final long MICROS_PER_SECOND = 1_000_000;

    static {
        for (EventType type : EventType.values()) {
            HEADS.put(type, ascii("{\"type\":\"" + type.wireName() + "\",\"thread_id\":\""));
        }
    }

    private EventEncoder() {}

    /**
     * Encodes one event.
     *
     * @param threadId an id of {@link Ids}, which needs no escaping
     * @param timestampMicros Unix time in microseconds, not negative
     * @param runId an id of {@link Ids}, or null for an event of no run
     * @param payload one JSON object in UTF-8
     */
    public static byte[] encode(
            EventType type, String threadId, long seq, long timestampMicros, @Nullable String runId, byte[] payload) {
        byte[] head = Objects.requireNonNull(HEADS.get(type));
        int runLength = runLength(runId);
        long seconds = timestampMicros / MICROS_PER_SECOND;
        int length = head.length
                + threadId.length()
                + SEQ.length
                + digits(seq)
                + TIMESTAMP.length
                + digits(seconds)
                + 1
                + FRACTION_DIGITS
                + runLength
                + PAYLOAD.length
                + payload.length
                + 1;
        byte[] json = new byte[length];
        int at = put(json, 0, head);
        at = put(json, at, threadId);
        at = put(json, at, SEQ);
        at = put(json, at, seq, digits(seq));
        at = put(json, at, TIMESTAMP);
        at = put(json, at, seconds, digits(seconds));
        json[at++] = '.';
        at = put(json, at, timestampMicros % MICROS_PER_SECOND, FRACTION_DIGITS);
        if (runId != null) {
            at = put(json, at, RUN_ID);
            at = put(json, at, runId);
            json[at++] = '"';
        }
        at = put(json, at, PAYLOAD);
        at = put(json, at, payload);
        json[at] = '}';
        return json;
    }

    /**
     * Where the payload of an event begins that {@link #encode} wrote with these values: counted, not parsed. It ends before the last
     * byte.
     *
     * @return -1 when the bytes have another layout
     */
    public static int payloadStart(byte[] json, EventType type, String threadId, long seq, @Nullable String runId) {
        int at = timestampStart(type, threadId, seq);
        while (at < json.length && json[at] != '.') {
            at++;
        }
        at += 1 + FRACTION_DIGITS + runLength(runId) + PAYLOAD.length;
        boolean there = at < json.length && Arrays.equals(json, at - PAYLOAD.length, at, PAYLOAD, 0, PAYLOAD.length);
        return there ? at : -1;
    }

    /**
     * Reads the time back from an event that {@link #encode} wrote with these values.
     *
     * @return Unix time in microseconds; -1 when the bytes have another layout
     */
    public static long timestampMicros(byte[] json, EventType type, String threadId, long seq) {
        int at = timestampStart(type, threadId, seq);
        if (at > json.length || !Arrays.equals(json, at - TIMESTAMP.length, at, TIMESTAMP, 0, TIMESTAMP.length)) {
            return -1;
        }
        long micros = 0;
        for (int fraction = -1; fraction < FRACTION_DIGITS && at < json.length; at++) {
            if (json[at] == '.' && fraction < 0) {
                fraction = 0;
            } else if (json[at] >= '0' && json[at] <= '9') {
                micros = micros * 10 + (json[at] - '0');
                fraction += fraction < 0 ? 0 : 1;
            } else {
                return -1;
            }
        }
        return micros;
    }

    private static int timestampStart(EventType type, String threadId, long seq) {
        return Objects.requireNonNull(HEADS.get(type)).length
                + threadId.length()
                + SEQ.length
                + digits(seq)
                + TIMESTAMP.length;
    }

    private static int runLength(@Nullable String runId) {
        return runId == null ? 0 : RUN_ID.length + runId.length() + 1;
    }

    private static int put(byte[] json, int at, byte[] piece) {
        System.arraycopy(piece, 0, json, at, piece.length);
        return at + piece.length;
    }

    @SuppressWarnings("deprecation") // ids are ASCII, and this copies them without an array in between
    private static int put(byte[] json, int at, String id) {
        id.getBytes(0, id.length(), json, at);
        return at + id.length();
    }

    private static int put(byte[] json, int at, long number, int digits) {
        long rest = number;
        for (int i = at + digits - 1; i >= at; i--) {
            json[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long bound = 10; digits < DIGITS_OF_LONG_MAX - 1 && number >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
