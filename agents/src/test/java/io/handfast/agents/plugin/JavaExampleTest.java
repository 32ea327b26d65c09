package io.handfast.agents.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.Agent;
import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.Question;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/java-agent}: its sources compile against the core, and its jar is found. */
final class JavaExampleTest {
    private static final Path MAIN = Path.of("..", "examples", "java-agent", "src", "main");

    @TempDir
    Path work;

    @Test
    void it_rolls_dice() throws Exception {
        Path classes = Files.createDirectories(work.resolve("classes"));
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        int result = compiler.run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                MAIN.resolve("java/com/example/dice/DiceAgent.java").toString());
        assertThat(result).isZero();
        jar(Files.createDirectories(work.resolve("plugins")).resolve("dice.jar"), classes, MAIN.resolve("resources"));

        try (Plugins plugins = Plugins.load(work.resolve("plugins"))) {
            Agent dice = plugins.agents().get(0);
            EventRecorder events = new EventRecorder();
            List<String> lines = events.run(dice, Question.of("2d6+1"));
            assertThat(lines.get(0)).isEqualTo("tool roll-1 roll " + json(lines.get(0)));
            assertThat(events.answer()).matches("You rolled \\[[1-6], [1-6]]: \\d+\\.");
            assertThat(lines).endsWith("completed");
        }
    }

    /** The arguments have no fixed order. */
    private static String json(String line) {
        return line.contains("{\"count\":2,\"sides\":6}") ? "{\"count\":2,\"sides\":6}" : "{\"sides\":6,\"count\":2}";
    }

    private static void jar(Path target, Path... roots) throws Exception {
        try (OutputStream out = Files.newOutputStream(target);
                ZipOutputStream jar = new ZipOutputStream(out)) {
            for (Path root : roots) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        jar.putNextEntry(
                                new ZipEntry(root.relativize(file).toString().replace('\\', '/')));
                        jar.write(Files.readAllBytes(file));
                    }
                }
            }
        }
    }
}
