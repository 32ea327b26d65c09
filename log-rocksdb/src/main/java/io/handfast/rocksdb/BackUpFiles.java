package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The files of a back-up on their way. They are staged beside the engine's, where they are hard links, which is quick; only
 * then are they brought to where they were asked for, which may be another disk and take long. So nobody who needs the engine
 * waits for a slow disk. A directory that bears the name it was asked for is complete, also when the server dies on the way.
 */
final class BackUpFiles implements AutoCloseable {
    /** Nobody chooses this name: what bears it is deleted. */
    private static final String STAGE = ".handfast-staged-";

    private static final String PARTIAL = ".partial-";

    private final Path stage;

    private BackUpFiles(Path stage) {
        this.stage = stage;
    }

    /** A new place beside the engine's files. */
    static BackUpFiles stage(Path directory) throws StoreException {
        try {
            return new BackUpFiles(Files.createDirectory(directory.resolve(STAGE + UUID.randomUUID())));
        } catch (IOException e) {
            throw new StoreException("a back-up cannot be prepared in " + directory + ": " + e, e);
        }
    }

    /** What becomes the directory of the back-up. */
    Path path() {
        return stage;
    }

    /** Where the engine puts its checkpoint. */
    Path checkpoint() {
        return stage.resolve(Engine.DIRECTORY);
    }

    @Override
    public void close() throws StoreException {
        try {
            delete(stage);
        } catch (IOException e) {
            throw new StoreException(
                    stage + ", staged for a back-up, cannot be deleted: " + e + "; the next start tries again", e);
        }
    }

    /** Deletes what a server left that died during a back-up. Called by the owner of the directory. */
    static void clear(Path directory) throws StoreException {
        try {
            for (Path stage : list(directory, STAGE + "*")) {
                delete(stage);
            }
        } catch (IOException e) {
            throw new StoreException("an unfinished back-up in " + directory + " cannot be deleted: " + e, e);
        }
    }

    /** Refuses what cannot become a back-up of this directory, before anything is written. */
    static void check(Path directory, Path target) throws StoreException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException("the directory " + target + " exists; a back-up takes a new one");
        }
        if (inside(directory, target)) {
            throw new StoreException(
                    target + " is in the data directory, " + directory + "; a back-up takes a directory outside of it");
        }
    }

    /** Whether a back-up would lie in the directory that it copies, by whatever links. */
    static boolean inside(Path directory, Path target) throws StoreException {
        try {
            return parent(target).toRealPath().startsWith(directory.toRealPath());
        } catch (IOException e) {
            throw new StoreException("the directory " + target + " cannot be created: " + e, e);
        }
    }

    private static Path parent(Path target) {
        Path parent = target.toAbsolutePath().normalize().getParent();
        return parent == null ? target : parent;
    }

    /** Makes staged files the back-up; when this returns, they are on its disk. */
    static void bring(Path staged, Path target) throws IOException {
        sync(staged);
        try {
            Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Path partial =
                    Files.createDirectory(target.resolveSibling(target.getFileName() + PARTIAL + UUID.randomUUID()));
            try {
                copy(staged.resolve(Engine.DIRECTORY), partial.resolve(Engine.DIRECTORY));
                sync(partial);
                Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException failed) {
                deleteAfter(failed, partial);
                throw failed;
            }
        }
        sync(parent(target));
    }

    private static void deleteAfter(IOException failed, Path partial) {
        try {
            delete(partial);
        } catch (IOException left) {
            failed.addSuppressed(left);
        }
    }

    /** The file that makes the others a log comes last: what is cut off before it is refused by {@link Engine}. */
    static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        List<Path> files = list(from, "*");
        files.sort(Comparator.comparing(Engine::placeInCopy));
        for (Path file : files) {
            Path copy = to.resolve(file.getFileName());
            Files.copy(file, copy);
            sync(copy);
        }
        sync(to);
    }

    private static List<Path> list(Path directory, String glob) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, glob)) {
            found.forEach(paths::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return paths;
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a directory with all that is in it; it may have gone. */
    static void delete(Path directory) throws IOException {
        if (Files.notExists(directory)) {
            return;
        }
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
