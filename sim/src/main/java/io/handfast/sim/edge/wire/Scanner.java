package io.handfast.sim.edge.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Tells the units of one direction apart, incrementally and without altering a byte: what goes in comes out, in order,
 * in any split.
 *
 * <p>A head (of HTTP, of a frame) and a whole control frame are kept back until they are complete, because what is to be done
 * with a unit is decided before its first byte is passed on; payloads pass as they come. At most 64 KiB are kept back: a
 * longer HTTP head makes the rest opaque.
 */
public final class Scanner {
    /** Takes what a scanner found: {@code begin}, any number of {@code bytes}, {@code end}; an opaque unit has no end. */
    public interface Sink {
        void begin(Unit unit);

        void bytes(byte[] source, int offset, int length);

        void end();
    }

    private enum Mode {
        HTTP,
        FRAMES,
        OPAQUE
    }

    private static final int HTTP_HEAD_BYTES_MAX = 64 * 1024;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    private final Side from;
    private Mode mode = Mode.HTTP;
    private byte[] kept = new byte[32];
    private int keptLength;
    private long payloadLeft;
    private boolean inUnit;

    /** @param from the side whose bytes are scanned; its first unit is a request (CLIENT) or a response (SERVER) */
    public Scanner(Side from) {
        this.from = from;
    }

    /** Takes the next bytes of the stream. */
    public void feed(byte[] source, int offset, int length, Sink sink) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            at = switch (mode) {
                case HTTP -> http(source, at, end, sink);
                case FRAMES -> frames(source, at, end, sink);
                case OPAQUE -> opaque(source, at, end, sink);
            };
        }
    }

    /** The stream has ended, or nothing more is to be told apart: passes on what is kept back, as opaque. */
    public void giveUp(Sink sink) {
        if (mode == Mode.OPAQUE) {
            return;
        }
        mode = Mode.OPAQUE;
        if (inUnit) {
            inUnit = false;
            sink.end();
        }
        byte[] rest = Arrays.copyOf(kept, keptLength);
        keptLength = 0;
        if (rest.length > 0) {
            opaque(rest, 0, rest.length, sink);
        }
    }

    /** Whether a frame may be put in here: the stream carries frames, and none of them is under way. */
    public boolean betweenFrames() {
        return mode == Mode.FRAMES && !inUnit;
    }

    /** Whether the stream carries frames. */
    public boolean inFrames() {
        return mode == Mode.FRAMES;
    }

    private int opaque(byte[] source, int at, int end, Sink sink) {
        if (!inUnit) {
            inUnit = true;
            sink.begin(new Unit.Opaque());
        }
        sink.bytes(source, at, end - at);
        return end;
    }

    private int http(byte[] source, int at, int end, Sink sink) {
        if (keptLength == 0 && (source[at] < 'A' || source[at] > 'Z')) {
            giveUp(sink);
            return at;
        }
        int next = at;
        while (next < end) {
            keep(source[next++]);
            if (keptLength >= END_OF_HEAD.length
                    && Arrays.equals(kept, keptLength - END_OF_HEAD.length, keptLength, END_OF_HEAD, 0, 4)) {
                httpHead(new String(kept, 0, keptLength, StandardCharsets.ISO_8859_1), sink);
                return next;
            }
            if (keptLength == HTTP_HEAD_BYTES_MAX) {
                giveUp(sink);
                return next;
            }
        }
        return next;
    }

    private void httpHead(String head, Sink sink) {
        String line = head.substring(0, head.indexOf("\r\n"));
        if (from == Side.CLIENT) {
            boolean upgrade = asksForWebSocket(head);
            emitKept(new Unit.Request(line, upgrade), sink);
            mode = upgrade ? Mode.FRAMES : Mode.OPAQUE;
        } else {
            int status = status(line);
            emitKept(new Unit.Response(status), sink);
            boolean interim = status >= 100 && status < 200;
            mode = status == 101 ? Mode.FRAMES : interim ? Mode.HTTP : Mode.OPAQUE;
        }
    }

    private static boolean asksForWebSocket(String head) {
        for (String field : head.toLowerCase(Locale.ROOT).split("\r\n", -1)) {
            if (field.startsWith("upgrade:") && field.contains("websocket")) {
                return true;
            }
        }
        return false;
    }

    private static int status(String line) {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[1].matches("[1-9][0-9][0-9]")) {
            return 0;
        }
        return Integer.parseInt(parts[1]);
    }

    private int frames(byte[] source, int at, int end, Sink sink) {
        if (payloadLeft > 0) {
            int length = (int) Math.min(payloadLeft, end - at);
            sink.bytes(source, at, length);
            payloadLeft -= length;
            endIfComplete(sink);
            return at + length;
        }
        if (keptLength == 0) {
            int needed = headLength(source, at, end - at);
            if (needed <= end - at) {
                frame(source, at, needed, sink);
                return at + needed;
            }
        }
        int next = at;
        while (next < end) {
            keep(source[next++]);
            if (keptLength == headLength(kept, 0, keptLength)) {
                int length = keptLength;
                keptLength = 0;
                frame(kept, 0, length, sink);
                return next;
            }
        }
        return next;
    }

    /** How many bytes have to be seen together: the head, and with it the payload of a control frame. */
    private static int headLength(byte[] source, int at, int available) {
        if (available < 2) {
            return 2;
        }
        int length = source[at + 1] & 0x7F;
        int mask = source[at + 1] < 0 ? 4 : 0;
        if (length == 126) {
            return 4 + mask;
        }
        if (length == 127) {
            return 10 + mask;
        }
        return 2 + mask + (Opcode.of(source[at]).isControl() ? length : 0);
    }

    private void frame(byte[] source, int at, int headLength, Sink sink) {
        Opcode opcode = Opcode.of(source[at]);
        boolean masked = source[at + 1] < 0;
        long length = source[at + 1] & 0x7F;
        int sizeBytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (sizeBytes > 0) {
            length = 0;
            for (int i = 0; i < sizeBytes; i++) {
                length = length << 8 | (source[at + 2 + i] & 0xFF);
            }
        }
        boolean whole = opcode.isControl() && sizeBytes == 0;
        byte[] payload = whole ? payload(source, at + headLength - (int) length, (int) length, masked) : new byte[0];
        inUnit = true;
        sink.begin(new Unit.Frame(opcode, length, payload));
        // The bytes may be passed on later, when the buffer of kept bytes has other content.
        sink.bytes(
                source == kept ? Arrays.copyOfRange(source, at, at + headLength) : source,
                source == kept ? 0 : at,
                headLength);
        // A length with the highest bit set is not allowed: such a frame never ends.
        payloadLeft = whole ? 0 : length < 0 ? Long.MAX_VALUE : length;
        endIfComplete(sink);
    }

    private static byte[] payload(byte[] source, int at, int length, boolean masked) {
        byte[] payload = Arrays.copyOfRange(source, at, at + length);
        if (masked) {
            for (int i = 0; i < length; i++) {
                payload[i] ^= source[at - 4 + i % 4];
            }
        }
        return payload;
    }

    private void endIfComplete(Sink sink) {
        if (payloadLeft == 0) {
            inUnit = false;
            sink.end();
        }
    }

    private void emitKept(Unit unit, Sink sink) {
        byte[] bytes = Arrays.copyOf(kept, keptLength);
        keptLength = 0;
        kept = new byte[32];
        sink.begin(unit);
        sink.bytes(bytes, 0, bytes.length);
        sink.end();
    }

    private void keep(byte value) {
        if (keptLength == kept.length) {
            kept = Arrays.copyOf(kept, kept.length * 2);
        }
        kept[keptLength++] = value;
    }
}
