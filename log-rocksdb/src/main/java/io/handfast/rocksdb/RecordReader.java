package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads what {@link RecordWriter} wrote; whatever does not fit is a damaged record, never a value. */
final class RecordReader {
    private final byte[] bytes;
    private final String what;
    private int at;

    /**
     * @param what names the record in the message of an exception
     */
    RecordReader(byte[] bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    StoreException damaged(String why) {
        return new StoreException("the record of " + what + " is damaged: " + why);
    }

    int octet() throws StoreException {
        if (at >= bytes.length) {
            throw damaged("it ends after " + at + " bytes");
        }
        return bytes[at++] & 0xff;
    }

    long fixed() throws StoreException {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << Byte.SIZE) | octet();
        }
        return value;
    }

    long number() throws StoreException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw damaged("a number before byte " + at + " has no end");
    }

    int count() throws StoreException {
        long count = number();
        if (count < 0 || count > bytes.length) {
            throw damaged("a count of " + count + " in " + bytes.length + " bytes");
        }
        return (int) count;
    }

    byte[] blob() throws StoreException {
        int length = count();
        if (length > bytes.length - at) {
            throw damaged("a field of " + length + " bytes where " + (bytes.length - at) + " are left");
        }
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    String text() throws StoreException {
        return new String(blob(), StandardCharsets.UTF_8);
    }

    @Nullable
    String optionalText() throws StoreException {
        return octet() == 0 ? null : text();
    }

    byte @Nullable [] optionalBlob() throws StoreException {
        return octet() == 0 ? null : blob();
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    void end() throws StoreException {
        if (at != bytes.length) {
            throw damaged((bytes.length - at) + " bytes too many");
        }
    }
}
