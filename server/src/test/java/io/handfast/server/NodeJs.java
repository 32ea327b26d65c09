package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Node.js, 18 or newer. Where it is missing a test is skipped with the command that installs it, and fails in CI. */
final class NodeJs {
    private static final String MISSING = "Node.js is missing on this machine: apt-get install nodejs npm";

    private NodeJs() {}

    static void need(String... commands) {
        boolean there = Stream.of(commands).allMatch(NodeJs::exists);
        assumeTrue(there || System.getenv("CI") != null, MISSING);
        assertThat(there).as(MISSING).isTrue();
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
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
