package io.handfast.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.RunningServer;
import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Fault;
import io.handfast.bench.client.Identities;
import io.handfast.sim.edge.Edge;
import io.handfast.sim.edge.EdgeConfig;
import io.handfast.sim.edge.script.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tiny loads against a real server: what they find, not how fast. */
class LoadRunTest {
    private static LoadPlan plan(Endpoint endpoint, Identities identities) {
        return new LoadPlan(
                endpoint,
                identities,
                8,
                100,
                16,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                "echo",
                6,
                Map.of("chunk_delay_ms", 5),
                "handfast.v1",
                List.of(),
                1,
                "load-test");
    }

    private static LoadReport run(LoadPlan plan) throws Exception {
        return LoadRun.run(plan, (phase, tally, seconds) -> {});
    }

    @Test
    void every_message_of_every_client_is_answered_and_nothing_is_wrong() throws Exception {
        try (RunningServer server = new RunningServer(Map.of())) {
            LoadReport report = run(plan(server.endpoint(), Identities.named()));
            assertThat(report.lines()).as("wrong").noneMatch(line -> line.startsWith("  "));
            assertThat(report.tally().proofsSoFar()).isEqualTo(Map.of("application", 8L));
            assertThat(report.tally().sentSoFar()).isBetween(10L, 17L);
            assertThat(report.tally().answeredSoFar()).isEqualTo(report.tally().sentSoFar());
            assertThat(report.tally().acceptanceTime().count())
                    .isEqualTo(report.tally().sentSoFar());
            assertThat(report.passed(100)).isTrue();
        }
    }

    @Test
    void clients_that_are_cut_or_miss_a_frame_come_back_and_miss_nothing() throws Exception {
        Script script = Script.parse("rough", """
                connection 2..3: on frame 9 text from server: drop
                connection 4..5: on frame 12 text from server: rst
                """);
        try (RunningServer server = new RunningServer(Map.of());
                Edge edge = Edge.start(EdgeConfig.to(server.address()).withScript(script))) {
            LoadReport report = run(plan(Endpoint.of(edge.address()), Identities.named()));
            assertThat(report.tally().holesSoFar()).as("holes").isPositive();
            assertThat(report.tally().reconnectsSoFar()).as("reconnects").isPositive();
            assertThat(report.tally().someFaults()).isEmpty();
            assertThat(report.passed(100)).isTrue();
        }
    }

    @Test
    void where_tokens_are_asked_for_each_client_signs_its_own() throws Exception {
        String secret = "0123456789abcdef0123456789abcdef";
        try (RunningServer server =
                new RunningServer(Map.of("env", "staging", "auth.jwt-secret", secret, "builtin-agents", "echo"))) {
            LoadReport report = run(plan(server.endpoint(), Identities.signed(secret, Duration.ofMinutes(5))));
            assertThat(report.passed(100)).isTrue();
            LoadReport refused = run(plan(server.endpoint(), Identities.named()));
            assertThat(refused.tally().endsSoFar()).isEqualTo(Map.of("http 401", 8L));
            assertThat(refused.connected()).isZero();
        }
    }

    @Test
    void a_load_passes_only_with_right_transcripts_and_enough_success() {
        LoadPlan plan = plan(new Endpoint("127.0.0.1", 1), Identities.named());
        LoadTally tally = new LoadTally();
        for (int i = 0; i < 7; i++) {
            tally.ready("transport", true, 1);
        }
        assertThat(new LoadReport(plan, tally, 1).passed(88)).isFalse();
        tally.ready("transport", true, 1);
        assertThat(new LoadReport(plan, tally, 1).passed(100)).isTrue();
        tally.sent();
        assertThat(new LoadReport(plan, tally, 1).passed(100)).isFalse();
        tally.answered(true, 1);
        assertThat(new LoadReport(plan, tally, 1).passed(100)).isTrue();
        tally.transcript(1, List.of(new Fault(Fault.Kind.REPEAT, "seq 2 behind 2")));
        assertThat(new LoadReport(plan, tally, 1).passed(0)).isFalse();
        assertThat(new LoadReport(plan, tally, 1).lines()).contains("  repeat: seq 2 behind 2");
    }
}
