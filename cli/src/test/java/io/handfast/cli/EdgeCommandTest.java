package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.sim.edge.Edge;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EdgeCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int execute(String... arguments) {
        return new CommandLine(new EdgeCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void it_shows_what_comes_along() {
        assertThat(execute("--list")).isZero();
        assertThat(out.toString()).contains("cloud-run\n").contains("race-held-drop\n");
        assertThat(execute("--show", "nginx")).isZero();
        assertThat(out.toString()).contains("param proxy-read-timeout = 60s");
    }

    @Test
    void what_is_wrong_is_named_with_what_is_allowed() throws IOException {
        Path script = folder.resolve("mine.edge");
        Files.writeString(script, "always: explode\n");
        assertThat(execute("--to", "127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString()).contains("say either --profile NAME or --script FILE");
        assertThat(execute("--profile", "aol", "--to", "127.0.0.1:1")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no script 'aol'; there are: cloud-run");
        assertThat(execute("--profile", "nginx")).isEqualTo(2);
        assertThat(err.toString()).contains("say where the server is: --to HOST:PORT");
        assertThat(execute("--profile", "nginx", "--to", "8080")).isEqualTo(2);
        assertThat(err.toString()).contains("--to '8080' is no address; allowed: HOST:PORT");
        assertThat(execute("--script", script.toString(), "--to", "127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("mine.edge, line 1: 'explode' is no action");
        assertThat(execute("--script", folder.resolve("none").toString(), "--to", "127.0.0.1:1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no file");
    }

    @Test
    void it_runs_a_script_and_says_what_it_does() throws IOException {
        Path script = folder.resolve("mine.edge");
        Files.writeString(script, "param n = 1\nalways: note hello\nafter $n bytes from client: rst\n");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EdgeCommand command = new EdgeCommand();
            new CommandLine(command)
                    .parseArgs(
                            "--script",
                            script.toString(),
                            "--to",
                            "127.0.0.1:" + server.getLocalPort(),
                            "--listen",
                            "0",
                            "--set",
                            "n=3");
            try (Edge edge = command.open(new PrintWriter(out));
                    Socket client = new Socket(
                            InetAddress.getLoopbackAddress(), edge.address().getPort())) {
                client.getOutputStream().write(new byte[3]);
                client.setSoTimeout((int) Command.PATIENCE.toMillis());
                assertThatThrownBy(() -> client.getInputStream().read()).hasMessageContaining("reset");
            }
        }
        assertThat(out.toString())
                .startsWith("handfast edge on 127.0.0.1:")
                .contains("hello  [line 2]", "rst to both  [line 3]");
    }
}
