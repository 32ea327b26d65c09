package io.handfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.handfast.agents.upstream.WhenFull;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.Settings.AgentSettings;
import io.handfast.server.config.Settings.AgentType;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings under {@code handfast.agents}. */
class AgentSettingsTest {
    @TempDir
    private Path directory;

    @Test
    void a_file_names_agents_of_both_types() throws Exception {
        Configuration configuration = load(Map.of("WEATHER_TOKEN", "w", "LLM_KEY", "k"), """
                handfast:
                  agents:
                    weather:
                      url: https://agents.example.com/weather
                      headers:
                        Authorization: "Bearer ${WEATHER_TOKEN}"
                      idle-timeout: 30s
                      deadline: 10m
                      max-runs: 3
                      when-full: refuse
                    support:
                      type: openai
                      base-url: http://127.0.0.1:11434/v1
                      model: qwen3
                      api-key: ${LLM_KEY}
                      system-prompt: Be brief, please.
                      temperature: 0.2
                      tools: [orders, stock]
                """);

        assertThat(configuration.agents().keySet()).containsExactly("support", "weather");
        AgentSettings weather = agent(configuration, "weather");
        assertThat(weather.type()).isEqualTo(AgentType.AGUI);
        assertThat(weather.url()).contains(URI.create("https://agents.example.com/weather"));
        assertThat(weather.headers()).containsExactly(Map.entry("Authorization", "Bearer ${WEATHER_TOKEN}"));
        assertThat(weather.idleTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(weather.headTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(weather.deadline()).contains(Duration.ofMinutes(10));
        assertThat(weather.maxRuns()).isEqualTo(3);
        assertThat(weather.whenFull()).isEqualTo(WhenFull.REFUSE);
        AgentSettings support = agent(configuration, "support");
        assertThat(support.type()).isEqualTo(AgentType.OPENAI);
        assertThat(support.baseUrl()).isEqualTo(URI.create("http://127.0.0.1:11434/v1"));
        assertThat(support.model()).contains("qwen3");
        assertThat(support.systemPrompt()).contains("Be brief, please.");
        assertThat(support.temperature()).hasValue(0.2);
        assertThat(support.tools()).contains(List.of("orders", "stock"));
        assertThat(configuration.toString()).doesNotContain("LLM_KEY");
    }

    @Test
    void the_environment_makes_agents_and_changes_those_of_the_file() throws Exception {
        Configuration configuration = load(
                Map.of(
                        "HANDFAST_AGENTS_TODO_URL", "http://127.0.0.1:8000/",
                        "HANDFAST_AGENTS_TODO_HEADERS_X_API_KEY", "${KEY}",
                        "HANDFAST_AGENTS_BIG_MODEL_TYPE", "openai",
                        "HANDFAST_AGENTS_BIG_MODEL_MODEL", "m",
                        "HANDFAST_AGENTS_BIG_MODEL_BASE_URL", "http://127.0.0.1:1/v1",
                        "HANDFAST_AGENTS_MY_WEATHER_DEADLINE", "7s",
                        "HANDFAST_AGENTS_MY_WEATHER_HEADERS_AUTHORIZATION", "Basic x",
                        "KEY", "k"),
                """
                handfast:
                  agents:
                    My_Weather:
                      url: http://127.0.0.1:1/
                      headers:
                        Authorization: Basic y
                """);

        assertThat(configuration.agents().keySet()).containsExactly("My_Weather", "big-model", "todo");
        assertThat(agent(configuration, "todo").headers()).containsExactly(Map.entry("x-api-key", "${KEY}"));
        assertThat(agent(configuration, "big-model").baseUrl()).isEqualTo(URI.create("http://127.0.0.1:1/v1"));
        assertThat(agent(configuration, "My_Weather").deadline()).contains(Duration.ofSeconds(7));
        assertThat(agent(configuration, "My_Weather").headers()).containsExactly(Map.entry("Authorization", "Basic x"));
    }

    @Test
    void a_key_of_openai_alone_makes_the_assistant_behind_all_others() throws Exception {
        assertThat(load(Map.of(), "").agents()).isEmpty();

        AgentSettings alone = agent(load(Map.of("OPENAI_API_KEY", "k"), ""), "assistant");
        assertThat(alone.type()).isEqualTo(AgentType.OPENAI);
        assertThat(alone.model()).isPresent();
        assertThat(alone.apiKey()).contains("${OPENAI_API_KEY}");
        assertThat(alone.baseUrl()).isEqualTo(URI.create("https://api.openai.com/v1"));

        Configuration more = load(
                Map.of(
                        "OPENAI_API_KEY", "k",
                        "OPENAI_BASE_URL", "http://127.0.0.1:11434/v1",
                        "OPENAI_MODEL", "qwen3",
                        "HANDFAST_AGENTS_ASSISTANT_SYSTEM_PROMPT", "Be kind.",
                        "HANDFAST_AGENTS_ZOO_URL", "http://127.0.0.1:1/"),
                "");
        assertThat(more.agents().keySet()).containsExactly("zoo", "assistant");
        assertThat(agent(more, "assistant").model()).contains("qwen3");
        assertThat(agent(more, "assistant").systemPrompt()).contains("Be kind.");
        assertThat(agent(more, "assistant").baseUrl()).isEqualTo(URI.create("http://127.0.0.1:11434/v1"));
    }

    @Test
    void there_is_no_assistant_where_the_key_has_its_place_or_the_name_is_taken_or_it_is_switched_off()
            throws Exception {
        assertThat(load(
                                Map.of(
                                        "OPENAI_API_KEY", "k",
                                        "HANDFAST_AGENTS_SUPPORT_TYPE", "openai",
                                        "HANDFAST_AGENTS_SUPPORT_MODEL", "m",
                                        "HANDFAST_AGENTS_SUPPORT_API_KEY", "${OPENAI_API_KEY}"),
                                "")
                        .agents())
                .containsOnlyKeys("support");
        assertThat(agent(
                                load(
                                        Map.of(
                                                "OPENAI_API_KEY", "k",
                                                "HANDFAST_AGENTS_ASSISTANT_URL", "http://127.0.0.1:1/"),
                                        ""),
                                "assistant")
                        .type())
                .isEqualTo(AgentType.AGUI);
        assertThat(load(Map.of("OPENAI_API_KEY", "k", "HANDFAST_AGENTS_ASSISTANT_ENABLED", "false"), "")
                        .agents())
                .isEmpty();
    }

    @Test
    void all_mistakes_are_told_at_once_and_no_secret_is_shown() throws Exception {
        Path file = Files.writeString(directory.resolve("handfast.yaml"), """
                handfast:
                  agents:
                    weather:
                      url: ftp://agents.example.com
                      max-runs: 0
                      when-full: later
                      headers:
                        Authorization: "Bearer ${WEATHER_TOKEN}"
                        Host: elsewhere
                      model: m
                    support:
                      type: openai
                      api-key: sk-very-secret
                      temperature: 3
                      url: http://127.0.0.1:1/
                    echo:
                      url: http://user:pass@127.0.0.1:1/
                    lost:
                      ulr: http://127.0.0.1:1/
                    empty:
                      deadline: 5s
                """);
        List<String> mistakes = catchThrowableOfType(
                        ConfigurationException.class,
                        () -> Configuration.load(new Sources(
                                Map.of(),
                                Map.of(),
                                Map.of("OPENAI_BASE_URL", "x", "OPENAI_API_KEY", "k"),
                                Optional.of(file))))
                .mistakes();

        String url = "http:// or https:// with a host, without user and password";
        assertThat(mistakes)
                .containsExactlyInAnyOrder(
                        "handfast.agents.weather.url is 'ftp://agents.example.com' (in " + file + "); allowed: " + url,
                        "handfast.agents.weather.max-runs is '0' (in " + file + "); allowed: 1 to 100000",
                        "handfast.agents.weather.when-full is 'later' (in " + file + "); allowed: wait, refuse",
                        "handfast.agents.support.api-key is not usable (in " + file
                                + "); allowed: a reference to the environment, `${NAME}`",
                        "handfast.agents.support.temperature is '3' (in " + file + "); allowed: 0 to 2",
                        "handfast.agents.echo.url is 'http://user:pass@127.0.0.1:1/' (in " + file + "); allowed: "
                                + url,
                        "handfast.agents.lost.ulr (in " + file
                                + ") is no setting; did you mean handfast.agents.lost.url?",
                        "OPENAI_BASE_URL is 'x'; allowed: " + url,
                        "handfast.agents.empty.url (HANDFAST_AGENTS_EMPTY_URL) is not set; an agent of the type agui"
                                + " needs it: " + url,
                        "handfast.agents.support.model (HANDFAST_AGENTS_SUPPORT_MODEL) is not set; an agent of the"
                                + " type openai needs it: a text",
                        "handfast.agents.support.url is not for an agent of the type openai; allowed: no value, or"
                                + " another handfast.agents.support.type",
                        "handfast.agents.weather.headers.Authorization refers to the environment variable"
                                + " WEATHER_TOKEN, which is not set",
                        "handfast.agents.weather.headers.Host is a header that HTTP itself uses; allowed: any other",
                        "handfast.agents.weather.model is not for an agent of the type agui; allowed: no value, or"
                                + " another handfast.agents.weather.type");
    }

    @Test
    void an_agent_may_not_have_the_name_of_one_that_comes_along() throws Exception {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> load(Map.of("HANDFAST_AGENTS_DOCS_URL", "http://127.0.0.1:1/"), ""));
        assertThat(refused.mistakes())
                .containsExactly("handfast.agents.docs.* has the name of an agent that comes with Handfast; allowed:"
                        + " another name, or handfast.builtin-agents (docs,echo) without it");
        assertThat(load(
                                Map.of(
                                        "HANDFAST_AGENTS_DOCS_URL", "http://127.0.0.1:1/",
                                        "HANDFAST_BUILTIN_AGENTS", "echo"),
                                "")
                        .agents())
                .containsOnlyKeys("docs");
    }

    private static AgentSettings agent(Configuration configuration, String name) {
        return Objects.requireNonNull(configuration.agents().get(name), name);
    }

    private Configuration load(Map<String, String> environment, String yaml) throws Exception {
        Path file = Files.writeString(Files.createTempFile(directory, "handfast", ".yaml"), yaml);
        return Configuration.load(new Sources(Map.of(), Map.of(), environment, Optional.of(file)));
    }
}
