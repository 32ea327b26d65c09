package io.handfast.agents.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.agent.Agent;
import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars are compiled here, so that their classes are on no class path but their own. */
final class PluginsTest {
    private static final String AGENT_SERVICE = "META-INF/services/io.handfast.agent.Agent";

    @TempDir
    Path work;

    private Path directory() throws IOException {
        return Files.createDirectories(work.resolve("plugins"));
    }

    private byte[] compiled(String className, String name) throws IOException {
        Path source = work.resolve(className + ".java");
        Files.writeString(source, """
                public final class %s implements io.handfast.agent.Agent {
                    public String name() { return "%s"; }
                    public String description() { return "Says its name."; }
                    public void run(io.handfast.agent.AgentRequest request, io.handfast.agent.AgentEvents events) {
                        events.chunk(name());
                    }
                }
                """.formatted(className, name));
        JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK");
        StringWriter messages = new StringWriter();
        boolean compiles = compiler.getTask(
                        messages,
                        null,
                        null,
                        List.of("-proc:none", "-d", work.toString(), "-cp", System.getProperty("java.class.path")),
                        null,
                        compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
                .call();
        assertThat(compiles).as(messages.toString()).isTrue();
        return Files.readAllBytes(work.resolve(className + ".class"));
    }

    private void jar(String file, String className, byte[] code, String services) throws IOException {
        try (OutputStream out = Files.newOutputStream(directory().resolve(file));
                ZipOutputStream jar = new ZipOutputStream(out)) {
            jar.putNextEntry(new ZipEntry(className + ".class"));
            jar.write(code);
            if (!services.isEmpty()) {
                jar.putNextEntry(new ZipEntry(AGENT_SERVICE));
                jar.write(services.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void each_jar_brings_its_agents_in_a_class_loader_of_its_own() throws Exception {
        jar("a.jar", "Parrot", compiled("Parrot", "polly"), "Parrot\n");
        jar("b.jar", "Parrot", compiled("Parrot", "coco"), "# the agent\nParrot\n");
        Files.writeString(directory().resolve("notes.txt"), "not a jar");

        try (Plugins plugins = Plugins.load(directory())) {
            assertThat(plugins.agents()).extracting(Agent::name).containsExactly("polly", "coco");
            assertThat(plugins.toolSets()).isEmpty();
            assertThat(new EventRecorder().run(plugins.agents().get(1), Question.of("who?")))
                    .containsExactly("chunk coco", "completed");
        }
    }

    @Test
    void an_empty_directory_has_no_agents() throws Exception {
        try (Plugins plugins = Plugins.load(directory())) {
            assertThat(plugins.agents()).isEmpty();
        }
    }

    @Test
    void errors_name_the_jar() throws Exception {
        byte[] code = compiled("Parrot", "polly");
        byte[] badName = compiled("Parrot", "p olly");
        refused("nothing.jar", code, "", "offers nothing: it needs " + AGENT_SERVICE);
        refused("missing.jar", code, "NoSuchAgent", "Provider NoSuchAgent not found");
        refused("name.jar", badName, "Parrot", "offers the name 'p olly': must be 1 to 128 of");
        byte[] newer = code.clone();
        newer[7] = 120; // the class file of a Java to come
        refused("newer.jar", newer, "Parrot", "cannot be used");

        Path broken = directory().resolve("broken.jar");
        Files.writeString(broken, "no zip");
        assertThatThrownBy(() -> Plugins.load(directory())).hasMessageContaining("broken.jar is no jar");
        Files.delete(broken);

        assertThatThrownBy(() -> Plugins.load(work.resolve("nowhere"))).hasMessageContaining("no such directory");
    }

    private void refused(String file, byte[] code, String services, String message) throws IOException {
        jar(file, "Parrot", code, services);
        assertThatThrownBy(() -> Plugins.load(directory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file)
                .hasMessageContaining(message);
        Files.delete(directory().resolve(file));
    }

    @Test
    void a_name_may_be_offered_once() throws Exception {
        byte[] code = compiled("Parrot", "polly");
        jar("a.jar", "Parrot", code, "Parrot");
        jar("b.jar", "Parrot", code, "Parrot");
        assertThatThrownBy(() -> Plugins.load(directory()))
                .hasMessageContaining("b.jar offers the name polly, which a.jar offers as well");
    }
}
