package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class SimCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return new CommandLine(new SimCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void it_lives_through_worlds_and_says_what_happened_in_them() {
        assertThat(execute("--seeds", "1..3", "--workers", "2", "--steps", "300"))
                .isZero();
        assertThat(out.toString()).contains("3 worlds", "steps/s", "connections accepted", "commits");
    }

    @Test
    void a_trace_shows_everything_of_one_world() {
        assertThat(execute("--seeds", "5", "--trace", "--steps", "300")).isZero();
        assertThat(out.toString()).contains("takes connections", "handshake", "every law held", "trace hash");
    }

    @Test
    void what_is_wrong_is_named_with_what_is_allowed() {
        assertThat(execute("--seeds", "many")).isEqualTo(2);
        assertThat(err.toString()).contains("--seeds 'many' are no seeds; allowed: a number, or a range");
        assertThat(execute("--seeds", "9..2")).isEqualTo(2);
        assertThat(err.toString()).contains("runs backwards");
        assertThat(execute("--trace")).isEqualTo(2);
        assertThat(err.toString()).contains("--trace shows one world");
    }
}
