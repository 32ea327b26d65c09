package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** {@code handfast} as a process of its own, with the class path of these tests. Ends with the test. */
public final class Command implements AutoCloseable {
    /** How long tests wait for what has to come: so long that no busy machine is taken for a fault. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String READY = "handfast ready on ";

    private final Process process;
    private final Path out;
    private final Path err;
    private final Path data;

    private Command(Process process, Path out, Path err, Path data) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.data = data;
    }

    public static Command start(Map<String, String> environment, String... arguments) throws IOException {
        Path out = Files.createTempFile("handfast", ".out");
        Path err = Files.createTempFile("handfast", ".err");
        Path data = Files.createTempDirectory("handfast");
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dlogback.configurationFile=logback.xml",
                "-cp",
                System.getProperty("java.class.path"),
                Handfast.class.getName()));
        line.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("HANDFAST_")
                        || name.startsWith("OPENAI_")
                        || name.equals("ENVIRONMENT")
                        || name.equals("K_SERVICE")
                        || name.equals("JDK_JAVA_OPTIONS")
                        || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("HANDFAST_DATA", data.toString());
        builder.environment().putAll(environment);
        return new Command(builder.start(), out, err, data);
    }

    /** Where it takes connections, once it does. */
    public String url() throws IOException {
        try {
            await().atMost(PATIENCE).until(() -> standardOutput().endsWith("\n") || !process.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not ready; its threads: " + threads() + "\nits errors: " + standardError(), e);
        }
        assertThat(standardOutput())
                .as("standard output, beside: " + standardError())
                .startsWith(READY);
        return standardOutput().strip().substring(READY.length());
    }

    /** What every thread of it does, which a JVM tells on standard output when it is asked by SIGQUIT. */
    private String threads() {
        try {
            signal("QUIT");
            await().atMost(PATIENCE).until(() -> standardOutput().contains("Heap") || !process.isAlive());
            return standardOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "not asked";
        }
    }

    void awaitError(String text) {
        await().atMost(PATIENCE).until(() -> standardError().contains(text));
    }

    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Sends SIGKILL, and does not wait. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits that long, or until it has ended. */
    public boolean endsWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    public int exitCode() throws IOException, InterruptedException {
        assertThat(endsWithin(PATIENCE))
                .as("ended within " + PATIENCE + "; it wrote: " + standardError())
                .isTrue();
        return process.exitValue();
    }

    public String standardOutput() throws IOException {
        return Files.readString(out);
    }

    public String standardError() throws IOException {
        return Files.readString(err);
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
    }
}
