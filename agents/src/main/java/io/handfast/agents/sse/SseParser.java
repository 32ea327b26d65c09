package io.handfast.agents.sse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event stream (HTML standard, 9.2.5 and 9.2.6) in pieces of any size: feed bytes, then poll events. Lines end with
 * LF, CR or CRLF, also when a piece ends between the two; a byte order mark at the start is dropped; characters may be cut
 * anywhere, because nothing is decoded before an event is whole. Not thread-safe; does no I/O.
 */
public final class SseParser {
    private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};
    private static final int RETRY_DIGITS_MAX = 15;

    private final int maxEventBytes;
    private final Deque<SseEvent> events = new ArrayDeque<>();
    private final Bytes line = new Bytes();
    private final Bytes data = new Bytes();
    private boolean dataSeen;
    private boolean inComment;
    private boolean afterCarriageReturn;
    private int markMatched;
    private String type = "";
    private String lastEventId = "";
    private OptionalLong retryMs = OptionalLong.empty();

    /** @param maxEventBytes the most that one event's data, and one line, may have */
    public SseParser(int maxEventBytes) {
        if (maxEventBytes < 1) {
            throw new IllegalArgumentException("maxEventBytes " + maxEventBytes + ": must be at least 1");
        }
        this.maxEventBytes = maxEventBytes;
    }

    /** Takes the next bytes of the stream, all of them. */
    public void feed(ByteBuffer bytes) throws SseTooLargeException {
        while (bytes.hasRemaining()) {
            take(bytes.get());
        }
    }

    /** The next event that is whole, or null. */
    public @Nullable SseEvent poll() {
        return events.poll();
    }

    /**
     * The event that the end of the stream cut off before its blank line, if it had any data. The standard drops it; many
     * servers forget the blank line of their last event, so the caller decides.
     */
    public Optional<SseEvent> end() throws SseTooLargeException {
        if (line.length() > 0) {
            endOfLine();
        }
        endOfEvent();
        return Optional.ofNullable(events.poll());
    }

    /** The reconnection time that the server asked for last. */
    public OptionalLong retryMs() {
        return retryMs;
    }

    private void take(byte next) throws SseTooLargeException {
        if (markMatched >= 0 && markMatched < BYTE_ORDER_MARK.length) {
            if ((next & 0xFF) == BYTE_ORDER_MARK[markMatched]) {
                markMatched++;
                return;
            }
            int matched = markMatched;
            markMatched = -1;
            for (int i = 0; i < matched; i++) {
                takeDecided((byte) BYTE_ORDER_MARK[i]);
            }
        }
        takeDecided(next);
    }

    private void takeDecided(byte next) throws SseTooLargeException {
        if (next == '\n' && afterCarriageReturn) {
            afterCarriageReturn = false;
            return;
        }
        afterCarriageReturn = next == '\r';
        if (next == '\n' || next == '\r') {
            if (line.length() == 0 && !inComment) {
                endOfEvent();
            } else {
                endOfLine();
            }
            return;
        }
        if (inComment) {
            return;
        }
        if (next == ':' && line.length() == 0) {
            inComment = true; // not kept: a comment may be of any length
            return;
        }
        if (line.length() >= maxEventBytes) {
            throw new SseTooLargeException(maxEventBytes);
        }
        line.add(next);
    }

    private void endOfLine() throws SseTooLargeException {
        if (!inComment) {
            int colon = line.indexOf((byte) ':');
            int nameEnd = colon < 0 ? line.length() : colon;
            int valueStart = colon < 0 ? line.length() : colon + 1;
            if (valueStart < line.length() && line.at(valueStart) == ' ') {
                valueStart++;
            }
            field(line.text(0, nameEnd), valueStart);
        }
        inComment = false;
        line.clear();
    }

    private void field(String name, int valueStart) throws SseTooLargeException {
        switch (name) {
            case "data" -> data(valueStart);
            case "event" -> type = line.text(valueStart, line.length());
            case "id" -> {
                if (line.indexOf((byte) 0) < 0) {
                    lastEventId = line.text(valueStart, line.length());
                }
            }
            case "retry" -> {
                String digits = line.text(valueStart, line.length());
                if (!digits.isEmpty()
                        && digits.length() <= RETRY_DIGITS_MAX
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                    retryMs = OptionalLong.of(Long.parseLong(digits));
                }
            }
            default -> {} // the standard: ignored
        }
    }

    private void data(int valueStart) throws SseTooLargeException {
        int more = line.length() - valueStart + (dataSeen ? 1 : 0);
        if (more > maxEventBytes - data.length()) {
            throw new SseTooLargeException(maxEventBytes);
        }
        if (dataSeen) {
            data.add((byte) '\n');
        }
        data.add(line, valueStart);
        dataSeen = true;
    }

    private void endOfEvent() {
        if (dataSeen) {
            events.add(new SseEvent(type.isEmpty() ? "message" : type, lastEventId, data.copy()));
        }
        dataSeen = false;
        data.clear();
        type = "";
    }

    /** A growing array of bytes that gives memory back after something large. */
    private static final class Bytes {
        private static final int KEPT = 4096;

        private byte[] bytes = new byte[256];
        private int length;

        int length() {
            return length;
        }

        byte at(int index) {
            return bytes[index];
        }

        void add(byte next) {
            reserve(1);
            bytes[length++] = next;
        }

        void add(Bytes other, int from) {
            int count = other.length - from;
            reserve(count);
            System.arraycopy(other.bytes, from, bytes, length, count);
            length += count;
        }

        private void reserve(int more) {
            if (more > bytes.length - length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
            }
        }

        int indexOf(byte wanted) {
            for (int i = 0; i < length; i++) {
                if (bytes[i] == wanted) {
                    return i;
                }
            }
            return -1;
        }

        String text(int from, int to) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }

        byte[] copy() {
            return Arrays.copyOf(bytes, length);
        }

        void clear() {
            length = 0;
            if (bytes.length > KEPT) {
                bytes = new byte[256];
            }
        }
    }
}
