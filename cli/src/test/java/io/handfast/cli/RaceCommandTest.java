package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.protocol.Json;
import io.handfast.server.Server;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Path json = json();
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

    /** One plain client; the strategy is basic. */
    private Command race(String url, String edge, int patienceSeconds) throws Exception {
        return Command.start(
                Map.of(),
                "race",
                "--to=" + url,
                "--strategies=basic",
                "--edge=" + edge,
                "--clients=plain",
                "--connections=1",
                "--warm-up=0",
                "--patience=" + patienceSeconds,
                "--json=" + json());
    }

    private Path json() {
        return folder.resolve("race.json");
    }

    /** {@code proof} is put back although the race was at {@code basic}; the short stages of development are told. */
    @Test
    void an_interrupted_race_leaves_the_server_as_it_was() throws Exception {
        for (String signal : List.of("INT", "TERM")) {
            try (Server server = server()) {
                try (Command race = race(server.url(), "held-forever", 120)) {
                    await().atMost(Command.PATIENCE).until(() -> policy(server).contains("\"strategy\":\"basic\""));
                    race.signal(signal);
                    assertThat(race.exitCode()).isGreaterThan(128);
                    assertThat(race.standardOutput())
                            .startsWith("policy of " + server.url() + ", put back at the end: {")
                            .contains("\"strategy\":\"proof\"");
                }
                assertThat(policy(server)).as("after SIG" + signal).contains("\"strategy\":\"proof\"");
            }
        }
    }

    @Test
    void a_policy_that_is_not_taken_back_is_told_and_offered_again_and_the_report_is_there() throws Exception {
        try (Server server = server();
                PutGate gate = new PutGate(server.address());
                Command race = race(gate.url(), "at-once", 60)) {
            race.awaitError(gate.url() + " may not have got its policy back; PUT /admin/v1/readiness takes {");
            assertThat(policy(server)).contains("\"strategy\":\"basic\"");
            gate.open();
            assertThat(race.exitCode()).isEqualTo(1);
            assertThat(race.standardError())
                    .contains(": 503 out for lunch)\n")
                    .endsWith("handfast race: " + gate.url() + " has its policy back\n");
            assertThat(policy(server)).contains("\"strategy\":\"proof\"");
            assertThat(Files.readString(json())).contains("\"heats\"");
        }
    }

    @Test
    void a_server_that_is_gone_in_the_race_is_told_with_the_policy_that_it_had() throws Exception {
        Server server = server();
        try (Command race = race(server.url(), "held-forever", 1)) {
            try (server) {
                await().atMost(Command.PATIENCE).until(() -> policy(server).contains("\"strategy\":\"basic\""));
            }
            race.awaitError("handfast race: " + server.url() + " may not have got its policy back; PUT ");
            // What it was that ended the race depends on how far it was.
            assertThat(race.standardError())
                    .startsWith("handfast race: ")
                    .doesNotStartWith("handfast race: " + server.url());
        }
    }

    @Test
    void a_race_in_which_nothing_can_be_run_says_why() throws Exception {
        // held-rst-settled wants a pause of 200 ms, which has to be less than the deadline.
        try (Server server = server(Map.of("handfast.readiness.deadline", "150ms"))) {
            assertThat(execute("--to", server.url(), "--edge", "held-rst-settled", "--strategies", "proof"))
                    .isEqualTo(1);
        }
        assertThat(out.toString()).contains("settle_ms (200) has to be less than deadline_ms (150)");
        assertThat(err.toString()).isEqualTo("handfast race: nothing was raced, for the reasons above\n");
    }

    @Test
    void edges_that_are_for_proof_only_are_told_to_a_race_without_it() {
        assertThat(execute("--edge", "held-rst-settled", "--strategies", "basic"))
                .isEqualTo(1);
        assertThat(err.toString())
                .isEqualTo("handfast race: nothing was raced: these edges are for the strategy proof only\n");
    }

    @Test
    void short_stages_of_timed_are_told_once_wherever_the_result_is() throws Exception {
        Path json = json();
        Path html = folder.resolve("race.html");
        String remark = "timed has short stages at this server, those of development";
        try (Server server = server()) {
            assertThat(execute(
                            "--to", server.url(),
                            "--edge", "at-once",
                            "--clients", "plain",
                            "--connections", "1",
                            "--warm-up", "0",
                            "--strategies", "timed,proof",
                            "--json", json.toString(),
                            "--html", html.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).containsOnlyOnce(remark);
            assertThat(Files.readString(json)).containsOnlyOnce(remark);
            assertThat(Files.readString(html)).containsOnlyOnce(remark);
        }
    }

    private static Server server() throws Exception {
        return server(Map.of());
    }

    private static Server server(Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("handfast.port", "0", "handfast.log", "memory"));
        settings.putAll(more);
        return Server.start(Configuration.load(new Sources(settings, Map.of(), Map.of(), Optional.empty())));
    }

    /** The policy in force, as JSON. */
    private static String policy(Server server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/admin/v1/readiness"))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    @Test
    void a_server_that_is_not_there_is_named() throws Exception {
        try (Nobody there = new Nobody()) {
            String nobody = there.url();
            assertThat(execute("--to", nobody)).isEqualTo(1);
            assertThat(err.toString()).isEqualTo("handfast race: no server can be reached at " + nobody + "\n");
        }
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
