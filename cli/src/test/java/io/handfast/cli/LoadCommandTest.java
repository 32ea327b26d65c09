package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.Json;
import io.handfast.server.Server;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LoadCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int execute(String... arguments) {
        return new CommandLine(new LoadCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void it_says_what_it_found_and_fails_when_too_little_succeeds() throws Exception {
        Path json = folder.resolve("load.json");
        Map<String, String> settings = Map.of("handfast.port", "0", "handfast.log", "memory");
        try (Server server =
                Server.start(Configuration.load(new Sources(settings, Map.of(), Map.of(), Optional.empty())))) {
            String[] tiny = {
                "--to", server.url(), "--connections", "3", "--rate", "10", "--seconds", "1", "--tier", "transport"
            };
            assertThat(execute(with(tiny, "--json", json.toString())))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString())
                    .contains("3 of 3 became READY (100.000 %), proof {transport=3}")
                    .contains("transcripts  0 wrong");
            assertThat(Json.read(Files.readAllBytes(json)))
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("ready", 3L)
                    .containsEntry("wrong_transcripts", 0L);
            assertThat(execute(with(tiny, "--agent", "nobody"))).isEqualTo(1);
            assertThat(out.toString()).contains("unknown_agent");
        }
    }

    @Test
    void a_server_that_is_not_there_is_named_within_seconds() throws Exception {
        long beginNanos = System.nanoTime();
        try (Nobody there = new Nobody()) {
            String nobody = there.url();
            assertThat(execute("--to", nobody, "--connections", "2000")).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("handfast load: no server can be reached at " + nobody + ": connection refused\n");
        }
        assertThat(out.toString()).doesNotContain("transcripts");
        assertThat(Duration.ofNanos(System.nanoTime() - beginNanos)).isLessThan(Duration.ofSeconds(20));
    }

    /** Linux drops the SYNs to a port whose backlog is full, as a firewall does. */
    @Test
    void a_host_that_does_not_answer_at_all_is_named_as_that() throws Exception {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
                Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
            assertThat(first.isConnected() && second.isConnected()).isTrue();
            String nobody = "http://127.0.0.1:" + full.getLocalPort();
            assertThat(execute("--to", nobody, "--connections", "2")).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualTo("handfast load: no server can be reached at " + nobody + ": no answer within 5 s\n");
        }
    }

    @Test
    void a_server_that_takes_connections_and_answers_none_is_no_missing_server() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String[] arguments = {
                "--to", "127.0.0.1:" + silent.getLocalPort(), "--connections", "2", "--seconds", "0", "--patience", "5"
            };
            assertThat(execute(arguments)).isEqualTo(1);
        }
        assertThat(err.toString()).isEmpty();
        assertThat(out.toString()).contains("0 of 2 became READY");
    }

    private static String[] with(String[] arguments, String... more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    @Test
    void what_is_wrong_is_named_with_what_is_allowed() throws Exception {
        assertThat(execute("--to", "https://127.0.0.1")).isEqualTo(2);
        assertThat(err.toString()).contains("allowed: http://HOST:PORT");
        assertThat(execute("--to", "127.0.0.1:1", "--connections", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--connections is 0; allowed: 1 to 1000000");
        Path secret = folder.resolve("secret");
        Files.writeString(secret, "short");
        assertThat(execute("--to", "127.0.0.1:1", "--secret-file", secret.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("allowed: at least 32 bytes");
    }
}
