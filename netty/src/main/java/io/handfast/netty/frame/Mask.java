package io.handfast.netty.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The masking of RFC 6455, section 5.3: byte {@code i} of a payload is combined with byte {@code i mod 4} of the key. */
final class Mask {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Mask() {}

    /**
     * Applies the key to {@code bytes[from..from + length)}.
     *
     * @param key the four bytes of the key, first byte highest
     * @param offset the place in the payload of {@code bytes[from]}
     */
    static void apply(byte[] bytes, int from, int length, int key, long offset) {
        int turned = Integer.rotateLeft(key, (int) (offset & 3) * Byte.SIZE);
        long wide = (turned & 0xFFFFFFFFL) << Integer.SIZE | (turned & 0xFFFFFFFFL);
        int i = from;
        int end = from + length;
        for (; end - i >= Long.BYTES; i += Long.BYTES) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
        }
        for (int k = 0; i < end; i++, k++) {
            bytes[i] ^= (byte) (turned >>> (24 - (k & 3) * Byte.SIZE));
        }
    }
}
