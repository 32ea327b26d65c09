package io.handfast.bench.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.bench.RunningServer;
import io.handfast.bench.client.Identities;
import io.handfast.bench.client.Identity;
import io.handfast.protocol.Json;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.sim.edge.script.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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
        return run(plan, ground, new ArrayList<>());
    }

    private static List<Heat> run(RacePlan plan, Ground ground, List<Omission> omissions) throws Exception {
        List<Heat> heats = new ArrayList<>();
        try (ground;
                Race race = new Race(plan, ground)) {
            race.run(new Spectator() {
                @Override
                public void ended(Heat heat) {
                    heats.add(heat);
                }

                @Override
                public void omitted(Omission omission) {
                    omissions.add(omission);
                }
            });
        }
        return heats;
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
    void a_heat_whose_policy_the_server_does_not_take_is_left_out_and_the_race_goes_on() throws Exception {
        // held-rst-settled wants a pause of 200 ms, which has to be less than the deadline.
        try (RunningServer server = new RunningServer(Map.of("readiness.deadline", "150ms"))) {
            RacePlan plan = new RacePlan(
                    List.of(Strategy.PROOF),
                    List.of(Course.named("held-rst-settled"), Course.named("at-once")),
                    List.of(Reader.PLAIN),
                    CLIENTS,
                    Duration.ofMillis(1),
                    Duration.ofSeconds(20),
                    1,
                    0,
                    Identities.named());
            List<Omission> omissions = new ArrayList<>();
            List<Heat> heats =
                    run(plan, RemoteGround.at(new Calls(server.endpoint()), new Identity("admin", null)), omissions);
            assertThat(heats).singleElement().satisfies(heat -> {
                assertThat(heat.course().name()).isEqualTo("at-once");
                assertThat(heat.whole()).isEqualTo(CLIENTS);
            });
            assertThat(omissions)
                    .singleElement()
                    .satisfies(omission -> assertThat(RaceTable.line(omission))
                            .startsWith("held-rst-settled   proof    cannot be run: the server does not take {")
                            .endsWith("}: settle_ms (200) has to be less than deadline_ms (150)"));
        }
    }

    @Test
    void a_ground_that_is_closed_puts_back_once_and_lets_nobody_in() throws Exception {
        try (RunningServer server = new RunningServer(Map.of("readiness.strategy", "timed"))) {
            Identity admin = new Identity("admin", null);
            Calls calls = new Calls(server.endpoint());
            RemoteGround ground = RemoteGround.at(calls, admin);
            ground.enter(Strategy.BASIC, Map.of());
            ground.close();
            assertThat(calls.get("/admin/v1/readiness", admin).json()).containsEntry("strategy", "timed");
            assertThatThrownBy(() -> ground.enter(Strategy.BASIC, Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the race is over");
            calls.send("PUT", "/admin/v1/readiness", admin, Json.write(Map.of("strategy", "proof")));
            ground.close();
            assertThat(calls.get("/admin/v1/readiness", admin).json()).containsEntry("strategy", "proof");
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
