package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Node.js, 18 or newer. Where it is missing a test is skipped with the command that installs it, and fails in CI. */
final class NodeJs {
    private static final int MAJOR_MIN = 18;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String MISSING = "Node.js is missing on this machine: apt-get install nodejs npm";

    private NodeJs() {}

    static void need(String... commands) throws Exception {
        insist(Stream.of(commands).allMatch(NodeJs::exists), MISSING);
        String version = run(Path.of("."), "node", "--version").strip();
        insist(recent(version), "Node.js " + MAJOR_MIN + " or newer is needed, and this machine has " + version);
    }

    /** Whether a version such as {@code v20.11.1} will do. */
    static boolean recent(String version) {
        return Integer.parseInt(version.substring(1, version.indexOf('.'))) >= MAJOR_MIN;
    }

    private static void insist(boolean there, String otherwise) {
        assumeTrue(there || System.getenv("CI") != null, otherwise);
        assertThat(there).as(otherwise).isTrue();
    }

    private static boolean exists(String command) {
        try {
            return new ProcessBuilder(command, "--version")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs a command to its end, which has to be a good one, and returns what it printed. */
    static String run(Path directory, String... command) throws Exception {
        return run(PATIENCE, directory, command);
    }

    /** One that takes longer is ended, with all that it started. */
    static String run(Duration patience, Path directory, String... command) throws Exception {
        Path printed = Files.createTempFile("handfast", ".out"); // a pipe would be read for as long as anybody holds it
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            try {
                boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
                String output = Files.readString(printed);
                assertThat(ended)
                        .as("%s ends within %s; it printed:\n%s", String.join(" ", command), patience, output)
                        .isTrue();
                assertThat(process.exitValue()).as(output).isZero();
                return output;
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } finally {
            Files.delete(printed);
        }
    }
}
