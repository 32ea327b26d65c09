package io.handfast.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for one round, deleted behind it. */
public final class ScratchDirectory implements AutoCloseable {
    private final Path path;

    public ScratchDirectory(Path parent) throws IOException {
        Files.createDirectories(parent);
        this.path = Files.createTempDirectory(parent, "handfast-bench-");
    }

    public Path path() {
        return path;
    }

    /** Bytes of the files whose name ends so, at any depth. */
    public static long bytes(Path directory, String suffix) throws IOException {
        long sum = 0;
        for (Path file : all(directory)) {
            if (file.toString().endsWith(suffix) && Files.isRegularFile(file)) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    private static List<Path> all(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted(Comparator.reverseOrder()).toList();
        }
    }

    @Override
    public void close() {
        try {
            for (Path each : all(path)) {
                Files.delete(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what a round wrote cannot be deleted", e);
        }
    }
}
