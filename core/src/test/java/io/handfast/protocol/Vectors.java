package io.handfast.protocol;

import static java.util.Objects.requireNonNull;

import io.handfast.protocol.Json.MalformedJsonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The golden vectors of {@code spec/vectors}, which other implementations of the protocol may read as well. */
public final class Vectors {
    private Vectors() {}

    @SuppressWarnings("unchecked") // the files hold arrays of objects
    public static List<Map<String, @Nullable Object>> of(String file) {
        try {
            byte[] bytes = Files.readAllBytes(Path.of("..", "spec", "vectors", file));
            return (List<Map<String, @Nullable Object>>) requireNonNull(Json.read(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("tests run in the directory of their module", e);
        } catch (MalformedJsonException e) {
            throw new AssertionError(file, e);
        }
    }
}
