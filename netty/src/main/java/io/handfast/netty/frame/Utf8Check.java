package io.handfast.netty.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 that comes in pieces, and fails at the first byte that cannot be part of it (RFC 3629, section 4: no overlong
 * forms, no surrogates, nothing beyond U+10FFFF).
 */
final class Utf8Check {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    /** Continuation bytes that the character under way still needs. */
    private int needed;

    /** The bounds of the next continuation byte; narrower than 80..BF right behind some first bytes. */
    private int lower = 0x80;

    private int upper = 0xBF;

    /** Whether {@code bytes[from..from + length)} can go on what came before. */
    boolean accepts(byte[] bytes, int from, int length) {
        int i = from;
        int end = from + length;
        while (i < end) {
            if (needed == 0) {
                while (end - i >= Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                    i += Long.BYTES;
                }
                if (i == end) {
                    return true;
                }
            }
            if (!accepts(bytes[i++] & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(int b) {
        if (needed == 0) {
            return b < 0x80 || begins(b);
        }
        if (b < lower || b > upper) {
            return false;
        }
        lower = 0x80;
        upper = 0xBF;
        needed--;
        return true;
    }

    private boolean begins(int b) {
        if (b < 0xC2 || b > 0xF4) {
            return false;
        }
        if (b < 0xE0) {
            needed = 1;
        } else if (b < 0xF0) {
            needed = 2;
            lower = b == 0xE0 ? 0xA0 : 0x80;
            upper = b == 0xED ? 0x9F : 0xBF;
        } else {
            needed = 3;
            lower = b == 0xF0 ? 0x90 : 0x80;
            upper = b == 0xF4 ? 0x8F : 0xBF;
        }
        return true;
    }

    /** Whether what came so far ends with a whole character. Ready for the next text afterwards. */
    boolean finish() {
        boolean whole = needed == 0;
        needed = 0;
        lower = 0x80;
        upper = 0xBF;
        return whole;
    }
}
