package io.handfast.rocksdb;

import org.rocksdb.WriteBatch;

/**
 * The rows of one atomic write, in the form in which the engine itself keeps them: the 12 bytes of its header (a sequence, which
 * it fills in, and the count of rows), then for each row its kind, its family unless that is the default one, its key and its
 * value, each with its length. So a batch crosses over to the engine in one call and one copy; a call for each row cost as much as making the row.
 *
 * <p>Source: {@code db/write_batch.cc} and {@code db/dbformat.h} of RocksDB. It is also the form of a record in the write-ahead
 * log, so the engine has to go on understanding it.
 */
final class Rows {
    private static final int COUNT_AT = Long.BYTES;
    private static final int HEADER_BYTES = COUNT_AT + Integer.BYTES;

    private final RecordWriter out = new RecordWriter();
    private int count;

    Rows() {
        out.fixed(0).octet(0).octet(0).octet(0).octet(0);
    }

    /** Forgets all rows, and keeps the memory for the next ones. */
    void clear() {
        out.truncate(HEADER_BYTES);
        count = 0;
    }

    private enum Kind {
        PUT(0x1, 0x5),
        DELETE(0x0, 0x4),
        DELETE_RANGE(0xf, 0xe);

        private final int inDefaultFamily;
        private final int inFamily;

        Kind(int inDefaultFamily, int inFamily) {
            this.inDefaultFamily = inDefaultFamily;
            this.inFamily = inFamily;
        }
    }

    private RecordWriter row(Kind kind, int family) {
        count++;
        return family == 0
                ? out.octet(kind.inDefaultFamily)
                : out.octet(kind.inFamily).number(family);
    }

    void put(int family, byte[] key, byte[] value) {
        row(Kind.PUT, family).blob(key).blob(value);
    }

    /** A row whose key of this length, and then its value with its length, the caller writes itself. */
    RecordWriter put(int family, int keyBytes) {
        return row(Kind.PUT, family).number(keyBytes);
    }

    void delete(int family, byte[] key) {
        row(Kind.DELETE, family).blob(key);
    }

    /** Deletes from a key, inclusive, to another, exclusive. */
    void deleteRange(int family, byte[] from, byte[] to) {
        row(Kind.DELETE_RANGE, family).blob(from).blob(to);
    }

    /** The caller closes it. */
    WriteBatch toBatch() {
        byte[] bytes = out.toBytes();
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[COUNT_AT + i] = (byte) (count >>> (i * Byte.SIZE));
        }
        return new WriteBatch(bytes);
    }
}
