package io.handfast.bench.node;

import java.nio.charset.StandardCharsets;

/** Reads the places of an event in the log from its frame without parsing it: a client that parsed would be what is measured. */
public final class EventScan {
    private static final byte[] SEQ = "\"seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST_SEQ = "\"first_seq\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = "{\"type\":\"".getBytes(StandardCharsets.US_ASCII);

    private EventScan() {}

    /** The last {@code seq} for which the frame stands; 0 when it is no event. Ids hold no quotation mark that could mislead. */
    public static long seq(byte[] frame) {
        return number(frame);
    }

    /** The first {@code seq} for which an event's frame stands; where it stands for several, Handfast says so at the frame's end. */
    public static long firstSeq(byte[] frame) {
        int digitsAt = frame.length - 1;
        while (digitsAt > 0 && frame[digitsAt - 1] >= '0' && frame[digitsAt - 1] <= '9') {
            digitsAt--;
        }
        int nameAt = digitsAt - FIRST_SEQ.length;
        return digitsAt < frame.length - 1 && nameAt > 0 && matches(frame, nameAt, FIRST_SEQ)
                ? digits(frame, digitsAt)
                : seq(frame);
    }

    /** Whether a frame is of this type. */
    public static boolean is(byte[] frame, String type) {
        if (frame.length <= TYPE.length + type.length()) {
            return false;
        }
        for (int i = 0; i < type.length(); i++) {
            if (frame[TYPE.length + i] != type.charAt(i)) {
                return false;
            }
        }
        return frame[TYPE.length + type.length()] == '"';
    }

    /** Looks before the payload only, which may hold anything. */
    private static long number(byte[] frame) {
        int at = 0;
        while (at + SEQ.length < frame.length && !matches(frame, at, SEQ)) {
            if (frame[at] == '{' && at > 0) {
                return 0;
            }
            at++;
        }
        return digits(frame, at + SEQ.length);
    }

    private static long digits(byte[] frame, int from) {
        long number = 0;
        for (int at = from; at < frame.length && frame[at] >= '0' && frame[at] <= '9'; at++) {
            number = number * 10 + (frame[at] - '0');
        }
        return number;
    }

    private static boolean matches(byte[] frame, int at, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            if (frame[at + i] != name[i]) {
                return false;
            }
        }
        return true;
    }
}
