package io.handfast.bench.race;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.RunningServer;
import io.handfast.bench.client.Identities;
import io.handfast.bench.client.Identity;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.sim.edge.script.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tiny races through real edges: what is counted, not how fast. */
class RaceTest {
    private static final int CLIENTS = 3;

    private static Course course(String script, Duration attachAfter) {
        return new Course(
                "test",
                "",
                Script.parse("test", script),
                attachAfter,
                false,
                Duration.ZERO,
                Map.of(),
                new Course.Answer(10, Duration.ofMillis(100)));
    }

    private static RacePlan plan(Course course, Reader reader, Duration patience, Strategy... strategies) {
        return new RacePlan(
                List.of(strategies),
                List.of(course),
                List.of(reader),
                CLIENTS,
                Duration.ofMillis(1),
                patience,
                1,
                0,
                Identities.named());
    }

    private static List<Heat> run(RacePlan plan, Ground ground) throws Exception {
        try (ground;
                Race race = new Race(plan, ground)) {
            return race.run(heat -> {});
        }
    }

    @Test
    void behind_a_101_that_never_comes_basic_loses_what_it_sent_and_proof_sends_nothing() throws Exception {
        Course course = course("on 101: hold server until forever", Duration.ZERO);
        List<Heat> heats = run(
                plan(course, Reader.PLAIN, Duration.ofSeconds(2), Strategy.BASIC, Strategy.PROOF),
                new OwnGround("memory"));
        Heat basic = heats.get(0);
        assertThat(basic.worked()).isZero();
        assertThat(basic.lost()).isPositive().isEqualTo(basic.sent());
        assertThat(basic.proofs()).isEqualTo(Map.of("-", CLIENTS));
        Heat proof = heats.get(1);
        assertThat(proof.worked()).isZero();
        assertThat(proof.sent()).isZero();
        assertThat(proof.ready().count()).isZero();
    }

    @Test
    void a_plain_client_that_listens_late_loses_the_first_events_although_it_gets_the_last() throws Exception {
        Course course = course("", Duration.ofMillis(600));
        Heat basic = run(plan(course, Reader.PLAIN, Duration.ofSeconds(20), Strategy.BASIC), new OwnGround("memory"))
                .get(0);
        assertThat(basic.worked()).isEqualTo(CLIENTS);
        assertThat(basic.whole()).isZero();
        assertThat(basic.lost()).isPositive().isLessThan(basic.sent());
    }

    @Test
    void the_pages_client_that_listens_late_loses_nothing_with_proof() throws Exception {
        Course course = course("", Duration.ofMillis(600));
        Heat proof = run(plan(course, Reader.PAGE, Duration.ofSeconds(20), Strategy.PROOF), new OwnGround("memory"))
                .get(0);
        assertThat(proof.whole()).isEqualTo(CLIENTS);
        assertThat(proof.lost()).isZero();
        assertThat(proof.repeats()).isZero();
        assertThat(proof.proofs()).isEqualTo(Map.of("application", CLIENTS));
        assertThat(proof.questions()).isGreaterThan(1);
        assertThat(proof.ready().count()).isEqualTo(CLIENTS);
        assertThat(proof.answered().count()).isEqualTo(CLIENTS);
    }

    @Test
    void a_page_that_is_cut_goes_on_where_it_was() throws Exception {
        Course course = course("connection 1..3: on frame 8 text from server: rst", Duration.ZERO);
        Heat proof = run(plan(course, Reader.PAGE, Duration.ofSeconds(20), Strategy.PROOF), new OwnGround("memory"))
                .get(0);
        assertThat(proof.whole()).isEqualTo(CLIENTS);
        assertThat(proof.reconnects()).isPositive();
    }

    @Test
    void at_a_server_that_is_there_already_each_strategy_is_raced_and_the_first_is_put_back() throws Exception {
        try (RunningServer server = new RunningServer(Map.of("readiness.strategy", "basic"))) {
            Identity admin = new Identity("admin", null);
            Calls calls = new Calls(server.endpoint());
            Map<String, ?> before = calls.get("/admin/v1/readiness", admin).json();
            Course course = Course.named("held-rst-settled");
            List<Heat> heats = run(
                    plan(course, Reader.PLAIN, Duration.ofSeconds(20), Strategy.BASIC, Strategy.PROOF),
                    RemoteGround.at(calls, admin));
            // What is set beyond the strategy is a remedy of `proof`, and works only when the server has taken it.
            assertThat(heats).hasSize(1);
            assertThat(heats.get(0).whole()).isEqualTo(CLIENTS);
            assertThat(heats.get(0).proofs()).isEqualTo(Map.of("transport", CLIENTS));
            assertThat(calls.get("/admin/v1/readiness", admin).json()).isEqualTo(before);
        }
    }

    @Test
    void counts_of_the_server_are_summed_over_labels() {
        String metrics = "# HELP x\nx{a=\"1\"} 2.0\nx{a=\"2\"} 3.0\nx_other 7.0\nxy 9.0\n";
        assertThat(ServerCounts.sum(metrics, "x")).isEqualTo(5);
        assertThat(ServerCounts.sum(metrics, "xy")).isEqualTo(9);
        assertThat(ServerCounts.sum(metrics, "z")).isZero();
    }
}
