package io.handfast.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes the bytes of a key or a record: fixed and variable numbers, strings with their length. */
final class RecordWriter {
    private byte[] bytes = new byte[128];
    private int length;

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    RecordWriter octet(int value) {
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Eight bytes, the most significant first: sorts like the number, which is not negative. */
    RecordWriter fixed(long value) {
        room(Long.BYTES);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Seven bits in each byte, the least significant first; short for small numbers, which are not negative. */
    RecordWriter number(long value) {
        room(10);
        long rest = value;
        while (rest > 0x7f) {
            bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    RecordWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    RecordWriter blob(byte[] value) {
        return number(value.length).raw(value);
    }

    RecordWriter text(String value) {
        return blob(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The text behind a one, or a zero for null. */
    RecordWriter optional(@Nullable String value) {
        return value == null ? octet(0) : octet(1).text(value);
    }

    RecordWriter optional(byte @Nullable [] value) {
        return value == null ? octet(0) : octet(1).blob(value);
    }

    /** An id at the end of a key, or before a zero byte: ids hold no zero byte. */
    @SuppressWarnings("deprecation") // ids are ASCII, and this copies them without an array in between
    RecordWriter id(String id) {
        room(id.length());
        id.getBytes(0, id.length(), bytes, length);
        length += id.length();
        return this;
    }

    /** Forgets what stands behind so many bytes. */
    void truncate(int bytesLeft) {
        length = bytesLeft;
    }

    /** How many bytes {@link #number} takes. */
    static int bytesOf(long number) {
        int count = 1;
        for (long rest = number; rest > 0x7f; rest >>>= 7) {
            count++;
        }
        return count;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }
}
