package io.handfast.server;

import io.handfast.log.StoreException;
import io.handfast.rocksdb.RocksStore;
import java.nio.file.Path;

/** A back-up of a data directory that no server uses at the moment. */
public final class OfflineBackUp {
    private OfflineBackUp() {}

    /**
     * Copies the log in {@code data} into a new directory; blocks until it is complete.
     *
     * @param target must not exist, its parent must
     * @throws BackUpFailedException when there is no log, a server uses it, or the copy cannot be written; says so
     */
    public static void write(Path data, Path target) throws BackUpFailedException {
        try {
            RocksStore.backUp(data, target);
        } catch (StoreException e) {
            throw new BackUpFailedException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Says why there is no back-up. */
    public static final class BackUpFailedException extends Exception {
        private static final long serialVersionUID = 1L;

        BackUpFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
