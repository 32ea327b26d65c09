package io.handfast.agents.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.agent.Agent;
import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        return PluginJar.compiled(work, className, """
                public final class %s implements io.handfast.agent.Agent {
                    public String name() { return "%s"; }
                    public String description() { return "Says its name."; }
                    public void run(io.handfast.agent.AgentRequest request, io.handfast.agent.AgentEvents events) {
                        events.chunk(name());
                    }
                }
                """.formatted(className, name));
    }

    private void jar(String file, String className, byte[] code, String services) throws IOException {
        PluginJar.write(directory().resolve(file), className, code, Agent.class, services);
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
