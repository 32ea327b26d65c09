package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server on the log {@code rocksdb}. */
class DurableLogTest {
    @TempDir
    private Path data;

    @Test
    void a_conversation_is_there_after_a_restart_in_the_same_epoch() throws Exception {
        String epoch;
        try (TestServer first = start()) {
            try (TestClient client = first.connect("thread_id=t")) {
                epoch = client.await("subscribed").text("epoch");
                client.send("user_message", "thread_id", "t", "message_id", "m1", "agent", "echo", "text", "to stay");
                client.await("agent_completed");
            }
            first.server().drain();
        }
        try (TestServer second = start();
                TestClient client = second.connect("thread_id=t&after_seq=5&epoch=" + epoch)) {
            assertThat(client.await("subscribed").fields())
                    .containsEntry("resumed", true)
                    .containsEntry("epoch", epoch);
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("to stay");
            client.send("user_message", "thread_id", "t", "message_id", "m1", "agent", "echo", "text", "other");
            assertThat(client.await("message_accepted").fields()).containsEntry("duplicate", true);
        }
    }

    @Test
    void a_directory_that_another_server_uses_is_refused() throws Exception {
        try (TestServer first = start()) {
            assertThat(first.get("/readyz").statusCode()).isIn(200, 503);
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartFailedException.class)
                    .hasMessageContaining(data.toString());
        }
    }

    @Test
    void a_directory_that_cannot_be_is_named() throws Exception {
        Path file = Files.writeString(data.resolve("file"), "");
        assertThatThrownBy(() -> TestServer.start("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", file.toString()))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining(file.toString());
    }

    private TestServer start() throws Exception {
        return TestServer.start("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString());
    }
}
