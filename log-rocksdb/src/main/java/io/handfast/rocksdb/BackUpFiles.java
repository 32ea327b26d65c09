package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a back-up on their way. They are staged beside the engine's, where they are hard links, which is quick; only
 * then are they brought to where they were asked for, which may be another disk and take long. So nobody who needs the engine
 * waits for a slow disk.
 */
final class BackUpFiles implements AutoCloseable {
    private static final String STAGE = "handfast.backup-";

    /** A directory that bears its name is complete. */
    private static final String PARTIAL = Engine.DIRECTORY + ".partial";

    private final Path stage;

    private BackUpFiles(Path stage) {
        this.stage = stage;
    }

    /** A new place beside the engine's files. */
    static BackUpFiles stage(Path directory) throws StoreException {
        try {
            return new BackUpFiles(Files.createTempDirectory(directory, STAGE));
        } catch (IOException e) {
            throw new StoreException("a back-up cannot be prepared in " + directory + ": " + e, e);
        }
    }

    /** Where the engine puts its checkpoint. */
    Path path() {
        return stage.resolve(Engine.DIRECTORY);
    }

    @Override
    public void close() throws IOException {
        delete(stage);
    }

    /** Deletes what a server left that died during a back-up. Called by the owner of the directory. */
    static void clear(Path directory) throws StoreException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, STAGE + "*")) {
            for (Path stage : left) {
                delete(stage);
            }
        } catch (IOException e) {
            throw new StoreException("an unfinished back-up in " + directory + " cannot be deleted: " + e, e);
        }
    }

    /** Creates the directory of a back-up. */
    static void create(Path target) throws StoreException {
        try {
            Files.createDirectory(target);
        } catch (FileAlreadyExistsException e) {
            throw new StoreException("the directory " + target + " exists; a back-up takes a new one", e);
        } catch (IOException e) {
            throw new StoreException("the directory " + target + " cannot be created: " + e, e);
        }
    }

    /** Brings staged files into the directory of a back-up; when this returns, they are on its disk. */
    static void bring(Path staged, Path target) throws IOException {
        Path complete = target.resolve(Engine.DIRECTORY);
        try {
            Files.move(staged, complete, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Path partial = target.resolve(PARTIAL);
            copy(staged, partial);
            Files.move(partial, complete, StandardCopyOption.ATOMIC_MOVE);
        }
        sync(target);
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
            for (Path file : files) {
                Path copy = to.resolve(file.getFileName());
                Files.copy(file, copy);
                sync(copy);
            }
        }
        sync(to);
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void delete(Path directory) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(directory)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
