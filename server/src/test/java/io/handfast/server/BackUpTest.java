package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.Json;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /admin/v1/backup} at the running server. */
class BackUpTest {
    @TempDir
    private Path temp;

    @Test
    void a_back_up_of_a_running_server_is_started_on_in_a_new_epoch() throws Exception {
        Path copy = temp.resolve("copy");
        String epoch;
        try (TestServer server = start(temp.resolve("data"))) {
            try (TestClient client = server.connect("thread_id=t")) {
                epoch = client.await("subscribed").text("epoch");
                client.send("user_message", "thread_id", "t", "message_id", "m1", "agent", "echo", "text", "to stay");
                client.await("agent_completed");
                HttpResponse<String> response = backUp(server, copy.toString());
                assertThat(response.statusCode()).isEqualTo(201);
                assertThat(Frame.of(response.body()).fields()).isEqualTo(Map.of("directory", copy.toString()));
                client.send("user_message", "thread_id", "t", "message_id", "m2", "agent", "echo", "text", "later");
                client.await("agent_completed");
            }
        }
        try (TestServer restored = start(copy);
                TestClient client = restored.connect("thread_id=t&after_seq=5&epoch=" + epoch)) {
            assertThat(client.await("history_gap").fields()).containsEntry("reason", "epoch_changed");
            assertThat(client.await("agent_completed").payload().text("text")).isEqualTo("to stay");
            client.send("user_message", "thread_id", "t", "message_id", "m1", "agent", "echo", "text", "again");
            assertThat(client.await("message_accepted").fields()).containsEntry("duplicate", true);
            client.send("user_message", "thread_id", "t", "message_id", "m2", "agent", "echo", "text", "again");
            assertThat(client.await("message_accepted").fields()).containsEntry("duplicate", false);
        }
    }

    @Test
    void what_cannot_be_is_refused_and_leaves_nothing_behind() throws Exception {
        Path data = temp.resolve("data");
        Path file = Files.writeString(temp.resolve("file"), "");
        try (TestServer server = start(data)) {
            for (String directory :
                    List.of("", "relative/path", "\u0000", file.resolve("below").toString())) {
                HttpResponse<String> refused = backUp(server, directory);
                assertThat(refused.statusCode()).as(directory).isEqualTo(400);
                assertThat(Frame.of(refused.body()).fields()).containsEntry("field", "directory");
            }
            HttpResponse<String> inside = backUp(server, data.resolve("copy").toString());
            assertThat(inside.statusCode()).isEqualTo(400);
            assertThat(inside.body()).contains("\"field\":\"directory\"", "in the data directory of the server");
            assertThat(data.resolve("copy")).doesNotExist();
            assertThat(server.post("/admin/v1/backup", "{}").body()).contains("\"field\":\"directory\"");
            assertThat(server.post("/admin/v1/backup", "{").body()).contains("bad_json");
            for (Path there : List.of(data, file)) {
                HttpResponse<String> refused = backUp(server, there.toString());
                assertThat(refused.statusCode()).isEqualTo(409);
                assertThat(Frame.of(refused.body()).fields()).containsEntry("code", "directory_exists");
            }
        }
        try (TestServer memory = TestServer.start()) {
            HttpResponse<String> refused = backUp(memory, temp.resolve("copy").toString());
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(Frame.of(refused.body()).fields()).containsEntry("code", "log_in_memory");
        }
        assertThat(temp.resolve("copy")).doesNotExist();
        assertThat(file).isEmptyFile();
    }

    @Test
    @Timeout(60)
    void one_back_up_is_made_at_a_time() throws Exception {
        Path copies = Files.createDirectory(temp.resolve("copies"));
        List<String> codes = new ArrayList<>();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (TestServer server = start(temp.resolve("data"))) {
            for (int round = 0; !codes.contains("backup_running"); round++) {
                List<Callable<HttpResponse<String>>> calls = new ArrayList<>();
                for (int call = 0; call < 4; call++) {
                    String copy = copies.resolve(round + "-" + call).toString();
                    calls.add(() -> backUp(server, copy));
                }
                for (Future<HttpResponse<String>> answer : callers.invokeAll(calls)) {
                    HttpResponse<String> response = answer.get();
                    codes.add(
                            response.statusCode() == 201
                                    ? "made"
                                    : Frame.of(response.body()).text("code"));
                }
            }
        } finally {
            callers.shutdown();
        }
        assertThat(codes).containsOnly("made", "backup_running");
        try (Stream<Path> made = Files.list(copies)) {
            assertThat(made).as("each once, and nothing else").hasSize(Collections.frequency(codes, "made"));
        }
    }

    private static HttpResponse<String> backUp(TestServer server, String directory) throws Exception {
        byte[] body = Json.write(Map.of("directory", directory));
        return server.post("/admin/v1/backup", new String(body, StandardCharsets.UTF_8));
    }

    private static TestServer start(Path data) throws Exception {
        return TestServer.start("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString());
    }
}
