package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server when the disk under its log is full, damaged, or holds an older copy. */
class LogTroubleTest {
    @TempDir
    private Path temp;

    private static TestServer start(Path data) throws Exception {
        return TestServer.start("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString());
    }

    private static HttpResponse<String> post(TestServer server, String messageId, String options) throws Exception {
        return server.post(
                "/v1/threads/t/messages",
                "{\"message_id\":\"" + messageId + "\",\"agent\":\"echo\",\"text\":\"a b c d\",\"options\":" + options
                        + "}");
    }

    /** Asks, and waits for the answer's end. */
    private static void ask(TestServer server, String messageId) throws Exception {
        try (TestClient client = server.connect("thread_id=t")) {
            assertThat(post(server, messageId, "{}").statusCode()).isEqualTo(202);
            client.await(frame -> frame.type().equals("user_message")
                    && frame.payload().text("message_id").equals(messageId));
            client.await("agent_completed");
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /** The disk is a tmpfs, which shrinks and grows: it needs the right to mount, and hardly any memory. */
    @Test
    void a_full_disk_refuses_messages_serves_readers_and_is_over_without_a_restart() throws Exception {
        String disk = Files.createDirectory(temp.resolve("disk")).toString();
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", disk), "cannot mount");
        try (TestServer server = start(Path.of(disk, "data"))) {
            ask(server, "m1");
            try (TestClient client = server.connect("thread_id=t")) {
                client.send(
                        "user_message",
                        "thread_id",
                        "t",
                        "message_id",
                        "m2",
                        "agent",
                        "echo",
                        "text",
                        "a b c d",
                        "options",
                        Map.of("chunk_delay_ms", 100));
                client.await(frame -> frame.type().equals("agent_response_chunk")
                        && frame.text("run_id")
                                .equals(client.events().stream()
                                        .filter(event -> event.type().equals("user_message"))
                                        .reduce((first, last) -> last)
                                        .orElseThrow()
                                        .text("run_id")));

                assertThat(run("mount", "-o", "remount,size=300m", disk)).isTrue();

                HttpResponse<String> refused = post(server, "m3", "{}");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("\"unavailable\"");
                client.send("user_message", "thread_id", "t", "message_id", "m3", "agent", "echo", "text", "x");
                Frame error = client.await("error");
                assertThat(error.fields())
                        .containsEntry("code", "unavailable")
                        .containsEntry("retryable", true)
                        .containsEntry("message_id", "m3");
                try (TestClient reader = server.connect("thread_id=t")) {
                    reader.await("agent_completed");
                }
                assertThat(server.get("/readyz").statusCode()).isEqualTo(200);

                assertThat(run("mount", "-o", "remount,size=1g", disk)).isTrue();

                // The run that was under way comes to its end; what was refused is taken.
                client.await("agent_completed");
                await().atMost(TestServer.PATIENCE)
                        .untilAsserted(() ->
                                assertThat(post(server, "m3", "{}").body()).contains("\"duplicate\":"));
                assertThat(post(server, "m3", "{}").body()).contains("\"duplicate\":true");
                client.await("agent_completed");
            }
        } finally {
            run("umount", "-l", disk);
        }
    }

    @Test
    void an_older_copy_goes_on_in_a_new_epoch_and_tells_the_reader_what_it_does_not_have() throws Exception {
        Path copy = temp.resolve("copy");
        String epoch;
        try (TestServer server = start(temp.resolve("data"))) {
            ask(server, "m1");
            copy(temp.resolve("data"), copy);
            ask(server, "m2");
            try (TestClient client = server.connect("thread_id=t&after_seq=latest")) {
                epoch = client.await("subscribed").text("epoch");
            }
        }
        try (TestServer server = start(copy);
                TestClient client = server.connect("thread_id=t&after_seq=18&epoch=" + epoch)) {
            Frame subscribed = client.await("subscribed");
            assertThat(subscribed.text("epoch")).isNotEqualTo(epoch);
            assertThat(subscribed.fields()).containsEntry("resumed", false).containsEntry("from_seq", 1L);
            assertThat(client.await("history_gap").fields())
                    .containsEntry("reason", "epoch_changed")
                    .containsEntry("missing_from", 19L);
            ask(server, "m2");
        }
    }

    @Test
    void a_damaged_file_keeps_the_server_from_starting_and_is_named_with_the_ways_to_go_on() throws Exception {
        Path copy = temp.resolve("copy");
        try (TestServer server = start(temp.resolve("data"))) {
            ask(server, "m1");
            ask(server, "m2");
            copy(temp.resolve("data"), copy);
        }
        Path log = filesOf(copy.resolve("rocksdb")).stream()
                .filter(file -> file.toString().endsWith(".log"))
                .findFirst()
                .orElseThrow();
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
            file.seek(1_000);
            int octet = file.read();
            file.seek(1_000);
            file.write(octet ^ 0x55);
        }

        assertThatThrownBy(() -> start(copy))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining(log.getFileName().toString())
                .hasMessageContaining("damaged")
                .hasMessageContaining("Start on a back-up, or move " + copy + " away");
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : filesOf(from)) {
            Path target = to.resolve(from.relativize(file));
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else if (!file.endsWith("LOCK")) {
                Files.copy(file, target);
            }
        }
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.toList();
        }
    }
}
