package io.handfast.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.handfast.log.LogLimits;
import io.handfast.log.Retention;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.rocksdb.Durability;
import io.handfast.server.config.Configuration.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    @Test
    void without_any_value_it_is_development_on_the_loopback_address() throws Exception {
        Configuration configuration = load(Map.of(), Map.of(), null);

        assertThat(configuration.profile().profile()).isEqualTo(Profile.DEVELOPMENT);
        assertThat(configuration.profile().source()).isEqualTo("the loopback address 127.0.0.1");
        Settings settings = configuration.settings();
        assertThat(settings.port()).isEqualTo(8080);
        assertThat(settings.readiness().strategy()).isEqualTo(Strategy.PROOF);
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.builtinAgents()).containsExactly("docs", "echo");
    }

    @Test
    void the_command_line_wins_over_the_environment_and_that_over_the_file_and_that_over_the_profile()
            throws Exception {
        Path file = write("""
                handfast:
                  port: 1
                  heartbeat-ms: 1000
                  readiness:
                    unproven: close
                    deadline: 9s
                """);
        Configuration configuration = load(
                Map.of("handfast.port", "3"),
                Map.of("HANDFAST_PORT", "2", "HANDFAST_HEARTBEAT_MS", "2000", "HANDFAST_READINESS_STRATEGY", "timed"),
                file);

        Settings settings = configuration.settings();
        assertThat(settings.port()).isEqualTo(3);
        assertThat(settings.heartbeat()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.readiness().unproven()).isEqualTo(Unproven.CLOSE);
        assertThat(settings.readiness().deadline()).isEqualTo(Duration.ofSeconds(9));
        assertThat(settings.readiness().strategy()).isEqualTo(Strategy.TIMED);
    }

    @Test
    void lists_come_separated_by_commas_or_as_lists_of_yaml() throws Exception {
        Path file = write("""
                handfast:
                  allowed-origins:
                    - https://a.example
                    - http://b.example:8080
                  readiness.timed.rechecks: 1ms, 2ms
                """);
        Settings settings = load(Map.of(), Map.of(), file).settings();

        assertThat(settings.allowedOrigins()).contains(List.of("https://a.example", "http://b.example:8080"));
        assertThat(settings.readiness().timed().rechecks())
                .contains(List.of(Duration.ofMillis(1), Duration.ofMillis(2)));
    }

    @Test
    void names_that_say_milliseconds_take_plain_numbers_and_others_want_a_unit() throws Exception {
        assertThat(load(Map.of(), Map.of("HANDFAST_MAX_AGE_MS", "60000"), null)
                        .settings()
                        .maxAge())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(load(Map.of(), Map.of("HANDFAST_MAX_AGE_MS", "2m"), null)
                        .settings()
                        .maxAge())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(mistakes(Map.of("HANDFAST_READINESS_DEADLINE", "5000")))
                .containsExactly(
                        "handfast.readiness.deadline is '5000' (HANDFAST_READINESS_DEADLINE); allowed: 100ms to 60s");
    }

    @Test
    void every_mistake_is_named_with_key_value_and_what_is_allowed() {
        assertThat(mistakes(Map.of(
                        "HANDFAST_PORT", "99999",
                        "HANDFAST_READINESS_STRATEGY", "prove",
                        "HANDFAST_LOG", "kafka",
                        "HANDFAST_ALLOWED_ORIGINS", "https://a.example/path",
                        "HANDFAST_HEARTBEAT_MS", "-1",
                        "HANDFAST_READINESS_STRATEGI", "proof")))
                .containsExactlyInAnyOrder(
                        "handfast.port is '99999' (HANDFAST_PORT); allowed: 0 to 65535",
                        "handfast.readiness.strategy is 'prove' (HANDFAST_READINESS_STRATEGY); allowed: proof, timed, basic",
                        "handfast.log is 'kafka' (HANDFAST_LOG); allowed: memory or rocksdb",
                        "handfast.allowed-origins is 'https://a.example/path' (HANDFAST_ALLOWED_ORIGINS); allowed: a list,"
                                + " separated by commas, of origins such as https://chat.example.org, without path or wildcard",
                        "handfast.heartbeat-ms is '-1' (HANDFAST_HEARTBEAT_MS); allowed: 100ms to 1h, plain numbers are"
                                + " milliseconds",
                        "HANDFAST_READINESS_STRATEGI (the environment) is no setting; did you mean"
                                + " HANDFAST_READINESS_STRATEGY?");
    }

    @ParameterizedTest
    @CsvSource({"development,PROCESS", "testing,PROCESS", "staging,DISK", "production,DISK"})
    void an_acknowledged_message_survives_the_process_and_in_front_of_users_the_machine(
            String profile, Durability durability) throws Exception {
        Map<String, String> environment =
                Map.of("HANDFAST_ENV", profile, "HANDFAST_AUTH_JWT_SECRET", "0123456789abcdef0123456789abcdef");

        assertThat(load(Map.of(), environment, null).settings().durability()).isEqualTo(durability);
        assertThat(load(Map.of("handfast.durability", "memory"), environment, null)
                        .settings()
                        .durability())
                .isEqualTo(Durability.MEMORY);
    }

    @Test
    void a_wrong_value_is_a_mistake_even_where_another_place_overrules_it() {
        assertThat(mistakes(Map.of("handfast.port", "1"), Map.of("HANDFAST_PORT", "x"), null))
                .hasSize(1);
    }

    @Test
    void a_guess_is_made_only_at_what_is_like_a_setting() throws Exception {
        assertThat(mistakes(
                        Map.of(),
                        Map.of(
                                "HANDFAST_NOPE", "1",
                                "HANDFAST_HSOT", "1",
                                "HANDFAST_AGENTS_TODO_X", "1",
                                "HANDFAST_AGENTS_MY_TODO_MAX_RUN", "1"),
                        null))
                .containsExactlyInAnyOrder(
                        "HANDFAST_NOPE (the environment) is no setting; docs/config.md lists them all",
                        "HANDFAST_HSOT (the environment) is no setting; did you mean HANDFAST_HOST?",
                        "HANDFAST_AGENTS_TODO_X (the environment) is no setting; docs/config.md lists them all",
                        "HANDFAST_AGENTS_MY_TODO_MAX_RUN (the environment) is no setting; did you mean"
                                + " HANDFAST_AGENTS_MY_TODO_MAX_RUNS?");
    }

    @Test
    void a_file_is_checked_like_everything_else() throws Exception {
        Path file = write("handfast:\n  prot: 1\n  port:\nreadiness:\n  strategy: basic\n");

        assertThat(mistakes(Map.of(), Map.of(), file))
                .containsExactlyInAnyOrder(
                        "handfast.prot (in " + file + ") is no setting; did you mean handfast.port?",
                        "handfast.port is '' (in " + file + "); allowed: 0 to 65535",
                        "readiness.strategy (in " + file
                                + ") is no setting; the names of all settings begin with handfast.");
        assertThat(mistakes(Map.of(), Map.of(), write("a: [")))
                .singleElement()
                .asString()
                .contains("is not usable");
        assertThat(mistakes(Map.of(), Map.of(), write("just a text")))
                .singleElement()
                .asString()
                .contains("has to be a mapping that begins with 'handfast:'");
        assertThat(mistakes(Map.of(), Map.of(), write("handfast:\n  port: 1\n  port: 2")))
                .singleElement()
                .asString()
                .contains("handfast.port stands there twice");
        assertThat(mistakes(Map.of(), Map.of(), directory.resolve("nowhere.yaml"))
                        .get(0))
                .contains("nowhere.yaml (--config) does not exist");
        Path latin = write("");
        Files.write(latin, new byte[] {'#', ' ', (byte) 0xE9});
        assertThat(mistakes(Map.of(), Map.of(), latin))
                .containsExactly("the file " + latin + " (--config) is not UTF-8");
    }

    @Test
    void a_connection_may_be_rotated_before_its_first_heartbeat_or_the_deadline_of_its_proof() throws Exception {
        assertThat(load(Map.of(), Map.of("HANDFAST_HEARTBEAT_MS", "60000", "HANDFAST_MAX_AGE_MS", "1000"), null)
                        .settings()
                        .maxAge())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void settings_that_contradict_each_other_are_named_with_both_values() {
        assertThat(mistakes(Map.of("HANDFAST_READINESS_SETTLE_MS", "6000")))
                .containsExactly(
                        "handfast.readiness.settle-ms (6s) has to be less than handfast.readiness.deadline (5s)");
        assertThat(mistakes(Map.of("HANDFAST_DRAIN_RUNS", "6s", "HANDFAST_DRAIN_CONNECTIONS", "3s")))
                .containsExactly(
                        "handfast.drain.runs (6s) and handfast.drain.connections (3s) are 9s together; allowed: at"
                                + " most 6s, so that the server has ended within 8 s of SIGTERM");
    }

    @Test
    void sizes_come_with_a_unit_and_within_their_bounds() throws Exception {
        Settings.Retention retention = load(
                        Map.of(),
                        Map.of("HANDFAST_RETENTION_BYTES_TOTAL", "10GiB", "HANDFAST_RETENTION_EVENTS_PER_THREAD", "64"),
                        null)
                .settings()
                .retention();
        assertThat(retention.bytesTotal()).contains(new Size(10L << 30));
        assertThat(retention.eventsPerThread()).hasValue(64);
        assertThat(retention.age()).isEmpty();
        for (String wrong : List.of("10", "10GB", "1.5GiB", "1023KiB", "2000TiB", "-1GiB")) {
            assertThat(mistakes(Map.of("HANDFAST_RETENTION_BYTES_TOTAL", wrong)))
                    .containsExactly("handfast.retention.bytes-total is '" + wrong
                            + "' (HANDFAST_RETENTION_BYTES_TOTAL); allowed: 1MiB to 1024TiB");
        }
        for (String size : List.of("0B", "1B", "1023B", "1KiB", "1025KiB", "5MiB", "1024TiB")) {
            assertThat(Size.parse(size)).get().hasToString(size);
        }
    }

    @Test
    void without_a_value_retention_is_that_of_the_log_as_the_reference_says() throws Exception {
        Settings none = load(Map.of(), Map.of(), null).settings();
        for (LogLimits own : List.of(LogLimits.forMemory(), LogLimits.forDisk())) {
            assertThat(Policies.log(own, none)).isEqualTo(own);
            Retention retention = own.retention();
            assertThat(effect("events-per-thread")).contains("`" + retention.eventsPerThread() + "`");
            assertThat(effect("bytes-per-thread")).contains("`" + new Size(retention.bytesPerThread()) + "`");
        }
        assertThat(effect("age"))
                .contains("`" + LogLimits.forDisk().retention().age().toDays() + "d`", "for ever");
        assertThat(LogLimits.forMemory().retention().age()).isEqualTo(Retention.FOR_EVER);
        assertThat(effect("bytes-total"))
                .contains("`" + new Size(LogLimits.forMemory().retention().bytesTotal()) + "`", "not bounded");
        assertThat(LogLimits.forDisk().retention().bytesTotal()).isEqualTo(Retention.UNLIMITED);
    }

    private static String effect(String name) {
        return SettingDescription.of("handfast.retention." + name)
                .orElseThrow()
                .setting()
                .effect();
    }

    @Test
    void a_thread_may_not_keep_more_than_all_together() {
        assertThat(mistakes(Map.of(
                        "HANDFAST_RETENTION_BYTES_PER_THREAD", "2MiB", "HANDFAST_RETENTION_BYTES_TOTAL", "1MiB")))
                .containsExactly("handfast.retention.bytes-per-thread (2MiB) has to be at most"
                        + " handfast.retention.bytes-total (1MiB)");
    }

    @Test
    void the_token_of_a_command_is_no_setting() throws Exception {
        assertThat(load(Map.of(), Map.of("HANDFAST_TOKEN", "x"), null)
                        .settings()
                        .port())
                .isEqualTo(8080);
    }

    @Test
    void the_profile_is_what_HANDFAST_ENV_says_then_ENVIRONMENT_then_cloud_run_then_the_address() throws Exception {
        assertThat(profile(Map.of("HANDFAST_ENV", "testing", "ENVIRONMENT", "staging", "K_SERVICE", "chat")))
                .isEqualTo("testing by handfast.env");
        assertThat(profile(Map.of("ENVIRONMENT", "Staging", "K_SERVICE", "chat")))
                .isEqualTo("staging by ENVIRONMENT");
        assertThat(profile(Map.of("K_SERVICE", "chat"))).isEqualTo("production by K_SERVICE, as Cloud Run sets it");
        assertThat(profile(Map.of("HANDFAST_HOST", "::1"))).isEqualTo("development by the loopback address ::1");
        assertThat(profile(Map.of("HANDFAST_HOST", "0.0.0.0")))
                .isEqualTo("production by the address 0.0.0.0, which is no loopback address");
    }

    @Test
    void an_environment_that_is_no_profile_is_a_mistake_unless_HANDFAST_ENV_decides() throws Exception {
        assertThat(mistakes(Map.of("ENVIRONMENT", "prod", "HANDFAST_AUTH_JWT_SECRET", SECRET)))
                .containsExactly("ENVIRONMENT is 'prod', which is no profile; allowed: development, testing, staging,"
                        + " production (HANDFAST_ENV, when it is set, decides instead)");
        assertThat(profile(Map.of("ENVIRONMENT", "prod", "HANDFAST_ENV", "development")))
                .isEqualTo("development by handfast.env");
    }

    @Test
    void staging_and_production_do_not_start_without_a_secret_of_32_bytes() throws Exception {
        for (String profile : List.of("staging", "production")) {
            assertThat(mistakes(Map.of("HANDFAST_ENV", profile)))
                    .singleElement()
                    .asString()
                    .startsWith("handfast.auth.jwt-secret (HANDFAST_AUTH_JWT_SECRET) is not set, and the profile is "
                            + profile);
        }
        assertThat(mistakes(Map.of("HANDFAST_AUTH_JWT_SECRET", SECRET.substring(1))))
                .singleElement()
                .asString()
                .contains("has 31 bytes; allowed: at least 32 bytes")
                .doesNotContain(SECRET.substring(1));
        assertThat(load(Map.of(), Map.of("HANDFAST_ENV", "production", "HANDFAST_AUTH_JWT_SECRET", SECRET), null)
                        .settings()
                        .builtinAgents())
                .containsExactly("none");
    }

    @Test
    void a_secret_is_taken_as_it_stands() throws Exception {
        String odd = "${HOME} $$ \\, x {} 0123456789 0123456789";
        assertThat(load(Map.of(), Map.of("HANDFAST_AUTH_JWT_SECRET", odd), null)
                        .settings()
                        .auth()
                        .jwtSecret())
                .contains(odd);
    }

    @Test
    void an_empty_variable_counts_as_not_set() throws Exception {
        assertThat(load(Map.of(), Map.of("HANDFAST_PORT", "", "ENVIRONMENT", ""), null)
                        .settings()
                        .port())
                .isEqualTo(8080);
    }

    private String profile(Map<String, String> environment) throws Exception {
        Map<String, String> withSecret = new HashMap<>(environment);
        withSecret.put("HANDFAST_AUTH_JWT_SECRET", SECRET);
        ProfileChoice choice = load(Map.of(), withSecret, null).profile();
        return choice.profile().wireName() + " by " + choice.source();
    }

    private static List<String> mistakes(Map<String, String> environment) {
        return mistakes(Map.of(), environment, null);
    }

    private static List<String> mistakes(
            Map<String, String> flags, Map<String, String> environment, @Nullable Path file) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(flags, environment, file))
                .mistakes();
    }

    private static Configuration load(Map<String, String> flags, Map<String, String> environment, @Nullable Path file)
            throws ConfigurationException {
        return Configuration.load(new Sources(flags, Map.of(), environment, Optional.ofNullable(file)));
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "handfast", ".yaml"), yaml);
    }
}
