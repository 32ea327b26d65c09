package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How far the engine had come when an append was last acknowledged: its count of writes, in a file beside the engine's. It is
 * written after each commit and never synced, so it may lag behind the engine and is never before it. An engine that has
 * fewer writes than that has lost some: its files were cut off, deleted, or replaced by older ones.
 */
final class Mark implements AutoCloseable {
    static final String FILE = "handfast.mark";

    /** What a file holds that is new, or damaged: more than any engine has. */
    static final long NONE = Long.MAX_VALUE;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(Long.BYTES);

    private Mark(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Mark open(Path directory) throws StoreException {
        Path file = directory.resolve(FILE);
        try {
            return new Mark(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw new StoreException(file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The count of writes, or {@link #NONE}. */
    long get() throws StoreException {
        try {
            bytes.clear();
            while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
                // reads on
            }
            return bytes.hasRemaining() || channel.size() != Long.BYTES ? NONE : bytes.getLong(0);
        } catch (IOException e) {
            throw new StoreException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Called by one thread at a time. */
    void set(long engineSequence) throws StoreException {
        try {
            bytes.clear();
            bytes.putLong(engineSequence).flip();
            while (bytes.hasRemaining()) {
                channel.write(bytes, bytes.position());
            }
        } catch (IOException e) {
            throw new StoreException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Names this very file, and not a copy of it; the same for all where the file system does not number its files. */
    static String place(Path directory) {
        try {
            return String.valueOf(Files.getAttribute(directory.resolve(FILE), "unix:ino"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "unknown";
        }
    }

    @Override
    public void close() throws StoreException {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException(file + " cannot be closed: " + e.getMessage(), e);
        }
    }
}
