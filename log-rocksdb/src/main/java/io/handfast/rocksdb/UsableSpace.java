package io.handfast.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the free space of a directory's disk, in one system call. Which disk that is gets looked up once: on Linux the JDK
 * reads the whole table of mounts for it, which would cost a group of 64 appends as much as its fsync. For one thread at a time.
 */
final class UsableSpace implements LongSupplier {
    private final Path directory;
    private @Nullable FileStore disk;

    /**
     * @param directory may come into being later, before the first question
     */
    UsableSpace(Path directory) {
        this.directory = directory;
    }

    @Override
    public long getAsLong() {
        try {
            FileStore known = disk;
            if (known == null) {
                known = Files.getFileStore(directory);
                disk = known;
            }
            return known.getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("the free space of " + directory + " cannot be read", e);
        }
    }
}
