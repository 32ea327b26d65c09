package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RaceCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private int execute(String... arguments) {
        return new CommandLine(new RaceCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void it_says_what_came_out_as_a_table_as_json_and_as_a_page() throws Exception {
        Path script = folder.resolve("mine.edge");
        Files.writeString(script, "param n = 9\nalways: delay both $n\n");
        Path json = folder.resolve("race.json");
        Path html = folder.resolve("race.html");
        assertThat(execute(
                        "--strategies", "timed,proof",
                        "--clients", "page",
                        "--edge", script.toString(),
                        "--set", "n=2ms",
                        "--connections", "2",
                        "--warm-up", "0",
                        "--json", json.toString(),
                        "--html", html.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .containsPattern("mine.edge +timed +page +100% +100% +0.00 .* none\n")
                .containsPattern("mine.edge +proof +page +100% +100% +0.00 .* application\n");
        assertThat(Json.read(Files.readAllBytes(json)))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .extractingByKey("heats")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .hasSize(2);
        assertThat(Files.readString(html))
                .contains("<svg", "mine.edge", "<b>100%</b>")
                .doesNotContain("{{");
    }

    @Test
    void what_is_wrong_is_named_with_what_is_allowed() {
        assertThat(execute("--strategies", "hope")).isEqualTo(2);
        assertThat(err.toString()).contains("--strategies 'hope' is not known; allowed: [proof, timed, basic]");
        assertThat(execute("--edge", "aol")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no edge 'aol'; there are: all, at-once");
        assertThat(execute("--to", "ftp://x")).isEqualTo(2);
        assertThat(err.toString()).contains("allowed: http://HOST:PORT", ", or self");
        assertThat(execute("--log", "paper")).isEqualTo(2);
        assertThat(err.toString()).contains("--log is 'paper'; allowed: memory, rocksdb");
        assertThat(execute("--connections", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--connections is 0; allowed: 1 to 10000");
    }
}
