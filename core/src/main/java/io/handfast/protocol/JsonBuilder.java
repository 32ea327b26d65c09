package io.handfast.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing buffer of JSON in UTF-8. It does what the hot path needs and no more: no tree, no state, no checks of the
 * grammar. Half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD, so writing never fails.
 */
final class JsonBuilder {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    JsonBuilder(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    /** Appends what is JSON already. */
    JsonBuilder raw(byte[] json) {
        reserve(json.length);
        System.arraycopy(json, 0, bytes, length, json.length);
        length += json.length;
        return this;
    }

    /** Appends ASCII as it stands. */
    @SuppressWarnings("deprecation") // the fast way to copy ASCII
    JsonBuilder ascii(String text) {
        reserve(text.length());
        text.getBytes(0, text.length(), bytes, length);
        length += text.length();
        return this;
    }

    /** Begins a member whose value follows: with the comma or the brace before it. */
    JsonBuilder name(String name) {
        return ascii(length == 0 ? "{\"" : ",\"").ascii(name).ascii("\":");
    }

    JsonBuilder member(String name, String value) {
        return name(name).string(value);
    }

    JsonBuilder member(String name, long value) {
        return name(name).ascii(Long.toString(value));
    }

    JsonBuilder member(String name, boolean value) {
        return name(name).ascii(Boolean.toString(value));
    }

    /** A number with a fixed fraction, such as seconds of microseconds with 6 decimals. */
    JsonBuilder decimal(String name, long units, int decimals) {
        long scale = 1;
        for (int i = 0; i < decimals; i++) {
            scale *= 10;
        }
        String fraction = Long.toString(scale + Math.floorMod(units, scale)).substring(1);
        return name(name)
                .ascii(Long.toString(Math.floorDiv(units, scale)))
                .ascii(".")
                .ascii(fraction);
    }

    /** Unix time in seconds with a fraction. */
    JsonBuilder timestamp(long epochMicros) {
        return decimal("timestamp", epochMicros, 6);
    }

    /** Appends a string with its quotes. */
    JsonBuilder string(String text) {
        reserve(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                asciiCharacter(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                fourBytes(Character.toCodePoint(c, text.charAt(i)));
            } else {
                twoOrThreeBytes(Character.isSurrogate(c) ? '\ufffd' : c);
            }
        }
        reserve(1);
        bytes[length++] = '"';
        return this;
    }

    private void asciiCharacter(char c) {
        reserve(6);
        if (c >= ' ' && c != '"' && c != '\\') {
            bytes[length++] = (byte) c;
            return;
        }
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = (byte) c;
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                ascii("u00");
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 0xf];
            }
        }
    }

    private void twoOrThreeBytes(char c) {
        reserve(3);
        if (c < 0x800) {
            bytes[length++] = (byte) (0xc0 | (c >> 6));
        } else {
            bytes[length++] = (byte) (0xe0 | (c >> 12));
            bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
        }
        bytes[length++] = (byte) (0x80 | (c & 0x3f));
    }

    private void fourBytes(int codePoint) {
        reserve(4);
        bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
        bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
        bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3f));
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** What was appended. */
    byte[] bytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Closes the object and returns it. */
    byte[] endObject() {
        return ascii("}").bytes();
    }
}
