package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeJsTest {
    @TempDir
    private Path work;

    @Test
    void a_command_that_hangs_is_ended_with_what_it_started_and_what_it_printed_is_told() throws Exception {
        assertThatThrownBy(() -> NodeJs.run(
                        Duration.ofSeconds(10), work, "sh", "-c", "sleep 600 & echo $! >child; echo so far; wait"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("PT10S")
                .hasMessageContaining("so far");

        long child = Long.parseLong(Files.readString(work.resolve("child")).strip());
        // One that has ended and for which nobody has waited is still there, without a command.
        await().atMost(TestServer.PATIENCE)
                .until(() -> ProcessHandle.of(child)
                        .flatMap(process -> process.info().command())
                        .isEmpty());
    }

    @Test
    void versions_are_compared_as_numbers() {
        assertThat(NodeJs.recent("v18.0.0")).isTrue();
        assertThat(NodeJs.recent("v100.1.0")).isTrue();
        assertThat(NodeJs.recent("v16.20.2")).isFalse();
        assertThat(NodeJs.recent("v9.0.0")).isFalse();
    }
}
