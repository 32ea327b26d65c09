package io.handfast.agents.agui;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.Question;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code examples/python-agui}, as it stands, behind an {@link HttpAgent}. */
@Timeout(300)
final class PythonExampleTest {
    private static final Path AGENT = Path.of("..", "examples", "python-agui", "agent.py");

    private static boolean pythonIsHere() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void it_keeps_a_list_and_asks_before_it_forgets_it() throws Exception {
        assumeTrue(pythonIsHere(), "no python3 on this machine");
        Process python = new ProcessBuilder("python3", AGENT.toString(), "--port", "0")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader output = python.inputReader(StandardCharsets.UTF_8)) {
            String ready = requireNonNull(output.readLine(), "the agent's first line");
            URI url = URI.create(ready.substring(ready.indexOf("http")));
            HttpAgent agent = HttpAgent.create(HttpAgentConfig.ofDefaults("todo", url), Map.of());

            EventRecorder added = new EventRecorder();
            List<String> lines = added.run(agent, Question.of("add milk"));
            assertThat(lines.get(0)).contains("todo_add {\"thing\":\"milk\"}");
            assertThat(lines.get(1)).contains("OK");
            assertThat(lines).endsWith("completed");
            assertThat(added.answer()).isEqualTo("Added milk: number 1 on the list.");

            EventRecorder asked = new EventRecorder();
            asked.run(agent, Question.of("clear"));
            assertThat(asked.pending()).singleElement().extracting("kind").isEqualTo("interrupt");

            EventRecorder cleared = new EventRecorder();
            cleared.run(
                    agent,
                    Question.of("yes")
                            .withPending(List.of(Map.of(
                                    "kind", "interrupt", "interrupt", Map.of("id", "clear", "reason", "approval")))));
            assertThat(cleared.answer()).isEqualTo("Forgotten.");
        } finally {
            python.destroy();
            python.waitFor();
        }
    }
}
