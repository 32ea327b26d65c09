package io.handfast.sim.edge.link;

import static io.handfast.sim.edge.wire.Bytes.REQUEST;
import static io.handfast.sim.edge.wire.Bytes.SWITCHED;
import static io.handfast.sim.edge.wire.Bytes.ascii;
import static io.handfast.sim.edge.wire.Bytes.frame;
import static io.handfast.sim.edge.wire.Bytes.join;
import static io.handfast.sim.edge.wire.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Scanner;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each primitive, byte by byte, in virtual time. */
final class PrimitivesTest {
    private static final byte[] PING = frame(Side.SERVER, Opcode.PING, ascii("12345678"));
    private static final byte[] ONE = text(Side.SERVER, "one");
    private static final byte[] TWO = text(Side.SERVER, "two");

    private static Lab opening(String script) {
        Lab lab = Lab.with(script).client(REQUEST);
        lab.events();
        return lab;
    }

    @Test
    void hold_keeps_the_101_and_all_behind_it_and_lets_go_in_order() {
        Lab lab = opening("on 101: hold server until 500ms")
                .server(SWITCHED)
                .passMillis(499)
                .server(PING);
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.passMillis(1).atClient()).isEqualTo(join(SWITCHED, PING));
        assertThat(lab.server(ONE).atClient()).isEqualTo(ONE);
    }

    @Test
    void hold_draws_its_time_from_a_range() {
        List<Long> times = new ArrayList<>();
        for (long number = 1; number <= 50; number++) {
            Lab lab = Lab.connection(number, "on 101: hold server until 50ms..150ms")
                    .client(REQUEST)
                    .server(SWITCHED);
            long millis = 0;
            while (lab.atClient().length == 0) {
                lab.passMillis(1);
                millis++;
            }
            times.add(millis);
        }
        assertThat(times).allMatch(millis -> millis >= 50 && millis <= 151);
        assertThat(times.stream().distinct().count()).isGreaterThan(20);
    }

    @Test
    void hold_forever_never_lets_go_and_ends_with_its_peers() {
        Lab lab = opening("on 101: hold server until forever")
                .server(SWITCHED, PING)
                .pass(Duration.ofHours(2));
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.fin(Side.CLIENT).fin(Side.SERVER).events()).containsExactly("fin server", "done");
    }

    @Test
    void hold_can_wait_for_an_event() {
        Lab lab = opening("on 101: hold server until frame 1 text from client").server(SWITCHED, PING);
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.client(text(Side.CLIENT, "early")).atClient()).isEqualTo(join(SWITCHED, PING));
    }

    @Test
    void hold_until_a_barrier_waits_for_its_release() {
        Lab lab = opening("on frame 1 text from server: hold both until barrier gate")
                .server(SWITCHED, ONE);
        assertThat(lab.atClient()).isEqualTo(SWITCHED);
        assertThat(lab.events()).containsExactly("await gate", "await gate");
        assertThat(lab.released("other").atClient()).isEmpty();
        assertThat(lab.released("gate").atClient()).isEqualTo(ONE);
    }

    @Test
    void early_frames_behind_a_held_101_vanish_when_told_so() {
        Lab lab = opening("on 101: hold server until 100ms early drop")
                .server(SWITCHED, PING)
                .server(ONE);
        assertThat(lab.passMillis(100).atClient()).isEqualTo(SWITCHED);
        assertThat(lab.server(TWO).atClient()).isEqualTo(TWO);
        assertThat(lab.notes()).filteredOn(note -> note.contains("early")).hasSize(2);
    }

    @Test
    void early_frames_behind_a_held_101_reset_the_connection_when_told_so() {
        Lab lab = opening("on 101: hold server until 100ms early rst").server(SWITCHED);
        assertThat(lab.events()).isEmpty();
        assertThat(lab.server(PING).events()).containsExactly("rst client", "rst server", "done");
        Lab patient = opening("on 101: hold server until 100ms early rst")
                .server(SWITCHED)
                .passMillis(100)
                .server(PING);
        assertThat(patient.atClient()).isEqualTo(join(SWITCHED, PING));
    }

    @Test
    void stop_read_wants_no_input_until_it_is_told_to() {
        Lab lab = Lab.with("after 101: stop-read client until 1s").upgraded();
        assertThat(lab.link().wantsInput(Side.CLIENT)).isFalse();
        assertThat(lab.link().wantsInput(Side.SERVER)).isTrue();
        assertThat(lab.passMillis(999).link().wantsInput(Side.CLIENT)).isFalse();
        assertThat(lab.passMillis(1).link().wantsInput(Side.CLIENT)).isTrue();
        Lab forever = Lab.with("after 101: stop-read server").upgraded().pass(Duration.ofHours(1));
        assertThat(forever.link().wantsInput(Side.SERVER)).isFalse();
    }

    @Test
    void delay_moves_every_byte_and_keeps_the_order() {
        Lab lab = Lab.with("always: delay server 40ms; delay client 10ms").client(REQUEST);
        assertThat(lab.passMillis(9).atServer()).isEmpty();
        assertThat(lab.passMillis(1).atServer()).isEqualTo(REQUEST);
        lab.server(SWITCHED).passMillis(20).server(PING).passMillis(20);
        assertThat(lab.atClient()).isEqualTo(SWITCHED);
        assertThat(lab.passMillis(20).atClient()).isEqualTo(PING);
        lab.fin(Side.SERVER);
        lab.events();
        assertThat(lab.passMillis(39).events()).isEmpty();
        assertThat(lab.passMillis(1).events()).containsExactly("fin client");
    }

    @Test
    void a_delay_with_jitter_never_reorders() {
        Lab lab = Lab.with("always: delay server 1ms..50ms");
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            lab.server(ascii(i + ",")).passMillis(1);
            sent.append(i).append(',');
        }
        assertThat(lab.passMillis(60).atClient()).isEqualTo(ascii(sent.toString()));
    }

    @Test
    void coalesce_sends_the_101_and_the_first_frames_in_one_write() {
        Lab lab = opening("on 101: coalesce 2 frames").server(SWITCHED).server(PING);
        assertThat(lab.writesToClient()).isEmpty();
        lab.server(ONE);
        assertThat(lab.writesToClient()).containsExactly(SWITCHED.length + PING.length + ONE.length);
        assertThat(lab.atClient()).isEqualTo(join(SWITCHED, PING, ONE));
        lab.server(TWO);
        assertThat(lab.writesToClient()).containsExactly(TWO.length);
    }

    @Test
    void coalesce_gives_up_when_the_frames_do_not_come() {
        Lab lab = opening("on 101: coalesce 1 frame within 200ms")
                .server(SWITCHED)
                .passMillis(199);
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.passMillis(1).atClient()).isEqualTo(SWITCHED);
    }

    @Test
    void coalesce_of_frames_counts_the_one_it_begins_with() {
        Lab lab = Lab.with("on frame 1 text from server: coalesce 1 frame").upgraded();
        assertThat(lab.server(ONE).atClient()).isEmpty();
        lab.server(TWO);
        assertThat(lab.writesToClient()).containsExactly(ONE.length + TWO.length);
    }

    @Test
    void dribble_sends_pieces_with_pauses_for_as_long_as_told() {
        Lab lab =
                opening("on 101: dribble server 3 bytes every 2ms for 7 bytes").server(SWITCHED, ONE);
        assertThat(lab.writesToClient()).containsExactly(3);
        lab.passMillis(2);
        assertThat(lab.writesToClient()).containsExactly(3, 3);
        lab.passMillis(2);
        assertThat(lab.writesToClient()).containsExactly(3, 3, 1);
        lab.passMillis(2);
        assertThat(lab.writesToClient()).containsExactly(3, 3, 1, SWITCHED.length + ONE.length - 7);
        assertThat(lab.atClient()).isEqualTo(join(SWITCHED, ONE));
    }

    @Test
    void drop_takes_exactly_the_frame_out_in_any_split() {
        byte[] stream = join(SWITCHED, PING, ONE, TWO, ONE);
        byte[] without = join(SWITCHED, PING, ONE, ONE);
        for (int split = 1; split < stream.length; split++) {
            Lab lab = opening("on frame 2 text from server: drop")
                    .server(java.util.Arrays.copyOf(stream, split))
                    .server(java.util.Arrays.copyOfRange(stream, split, stream.length));
            assertThat(lab.atClient()).as("split at %d", split).isEqualTo(without);
        }
    }

    @Test
    void drop_of_a_fin_leaves_the_other_side_in_the_dark() {
        Lab lab = Lab.with("on fin from client: drop").upgraded();
        lab.events();
        assertThat(lab.fin(Side.CLIENT).events()).isEmpty();
        assertThat(lab.server(ONE).atClient()).isEqualTo(ONE);
        assertThat(lab.fin(Side.SERVER).events()).containsExactly("fin client", "done");
    }

    @Test
    void blackhole_accepts_and_discards_bytes_and_fin_of_one_direction() {
        Lab lab = Lab.with("after frame 1 text from server: blackhole server")
                .upgraded()
                .server(ONE, TWO);
        lab.events();
        assertThat(lab.atClient()).isEqualTo(ONE);
        assertThat(lab.link().wantsInput(Side.SERVER)).isTrue();
        assertThat(lab.fin(Side.SERVER).events()).isEmpty();
        assertThat(lab.client(text(Side.CLIENT, "x")).atServer()).isNotEmpty();
    }

    @Test
    void fin_ends_both_sides_behind_what_was_sent() {
        Lab lab = Lab.with("after frame 1 text from server: fin").upgraded().server(ONE, TWO);
        assertThat(lab.atClient()).isEqualTo(ONE);
        assertThat(lab.events()).containsExactly("dial a", "fin client", "fin server");
        assertThat(lab.fin(Side.CLIENT).fin(Side.SERVER).events()).containsExactly("done");
    }

    @Test
    void fin_does_not_wait_for_ever_for_peers_that_stay() {
        Lab lab = Lab.with("after frame 1 text from server: fin").upgraded().server(ONE);
        lab.events();
        assertThat(lab.passMillis(1999).events()).isEmpty();
        assertThat(lab.passMillis(1).events()).containsExactly("done");
    }

    @Test
    void fin_to_one_side_leaves_the_other_direction_open() {
        Lab lab = Lab.with("after frame 1 text from server: fin client")
                .upgraded()
                .server(ONE, TWO);
        assertThat(lab.atClient()).isEqualTo(ONE);
        assertThat(lab.events()).containsExactly("dial a", "fin client");
        assertThat(lab.client(text(Side.CLIENT, "x")).atServer()).isEqualTo(text(Side.CLIENT, "x"));
    }

    @Test
    void rst_resets_both_sides_before_the_frame_it_is_set_on() {
        Lab lab = Lab.with("on frame 2 text from server: rst").upgraded().server(ONE, TWO);
        assertThat(lab.events()).containsExactly("dial a", "rst client", "rst server", "done");
        assertThat(lab.link().totals().toClient()).isEqualTo(SWITCHED.length);
    }

    @Test
    void rst_to_one_side_leaves_the_other_in_the_dark() {
        Lab lab = Lab.with("after frame 1 text from server: rst client")
                .upgraded()
                .server(ONE);
        assertThat(lab.events()).containsExactly("dial a", "rst client");
        assertThat(lab.server(TWO).events()).isEmpty();
        assertThat(lab.fin(Side.SERVER).events()).containsExactly("done");
    }

    @Test
    void idle_kill_counting_bytes_is_put_off_by_pings() {
        Lab lab = Lab.with("always: idle-kill 60s counting bytes").upgraded();
        lab.events();
        lab.pass(Duration.ofSeconds(59)).server(PING).pass(Duration.ofSeconds(59));
        assertThat(lab.events()).isEmpty();
        assertThat(lab.pass(Duration.ofSeconds(1)).events()).containsExactly("fin client", "fin server");
    }

    @Test
    void idle_kill_counting_data_is_not_put_off_by_pings() {
        Lab lab = Lab.with("always: idle-kill 60s counting data by rst").upgraded();
        lab.events();
        lab.pass(Duration.ofSeconds(30)).server(ONE);
        lab.pass(Duration.ofSeconds(59)).server(PING);
        assertThat(lab.pass(Duration.ofSeconds(1)).events()).containsExactly("rst client", "rst server", "done");
    }

    @Test
    void idle_kill_can_listen_to_one_side_only() {
        Lab lab = Lab.with("always: idle-kill 60s counting bytes from server").upgraded();
        lab.events();
        lab.pass(Duration.ofSeconds(59)).client(text(Side.CLIENT, "x"));
        assertThat(lab.pass(Duration.ofSeconds(1)).events()).containsExactly("fin client", "fin server");
    }

    @Test
    void idle_kill_by_blackhole_tells_nobody() {
        Lab lab = Lab.with("always: idle-kill 5m counting bytes by blackhole").upgraded();
        lab.events();
        lab.pass(Duration.ofMinutes(5)).server(ONE).client(text(Side.CLIENT, "x"));
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.atServer()).isEmpty();
        assertThat(lab.fin(Side.SERVER).events()).isEmpty();
        assertThat(lab.link().nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void lifetime_kill_ends_a_busy_connection() {
        Lab lab = Lab.with("always: lifetime-kill 30s").upgraded();
        lab.events();
        for (int i = 0; i < 29; i++) {
            lab.pass(Duration.ofSeconds(1)).server(ONE);
        }
        assertThat(lab.events()).isEmpty();
        assertThat(lab.pass(Duration.ofSeconds(1)).events()).containsExactly("fin client", "fin server");
    }

    @Test
    void a_kill_by_close_sends_a_close_frame_first() {
        Lab lab = Lab.with("always: lifetime-kill 30s by close 1001").upgraded().pass(Duration.ofSeconds(30));
        assertThat(lab.atClient()).isEqualTo(Frames.close(Side.SERVER, 1001, 0));
        assertThat(lab.events()).containsExactly("dial a", "fin client", "fin server");
    }

    @Test
    void a_kill_while_the_101_is_held_loses_it() {
        Lab lab = opening("on 101: hold server until forever\nalways: lifetime-kill 30s by close 1001")
                .server(SWITCHED)
                .pass(Duration.ofSeconds(30));
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.events()).containsExactly("fin client", "fin server");
    }

    @Test
    void answer_pings_answers_with_a_masked_pong_and_passes_nothing_on() {
        Lab lab = Lab.with("always: answer-pings server").upgraded().server(PING, ONE);
        assertThat(lab.atClient()).isEqualTo(ONE);
        List<Unit.Frame> frames = frames(Side.CLIENT, lab.atServer());
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).opcode()).isEqualTo(Opcode.PONG);
        assertThat(frames.get(0).payload()).isEqualTo(ascii("12345678"));
    }

    @Test
    void answer_pings_waits_for_the_end_of_a_frame_that_is_under_way() {
        byte[] frame = text(Side.CLIENT, "a longer message");
        Lab lab = Lab.with("always: answer-pings server").upgraded();
        lab.client(java.util.Arrays.copyOf(frame, 10)).server(PING);
        assertThat(lab.atServer()).isEqualTo(java.util.Arrays.copyOf(frame, 10));
        lab.client(java.util.Arrays.copyOfRange(frame, 10, frame.length));
        byte[] rest = lab.atServer();
        assertThat(java.util.Arrays.copyOf(rest, frame.length - 10))
                .isEqualTo(java.util.Arrays.copyOfRange(frame, 10, frame.length));
        assertThat(rest.length - (frame.length - 10)).isEqualTo(2 + 4 + 8);
    }

    @Test
    void eat_pings_and_eat_pongs_swallow_them() {
        Lab lab = Lab.with("always: eat-pings server; eat-pongs client")
                .upgraded()
                .server(PING, ONE);
        assertThat(lab.atClient()).isEqualTo(ONE);
        lab.client(frame(Side.CLIENT, Opcode.PONG, ascii("12345678")), text(Side.CLIENT, "x"));
        assertThat(lab.atServer()).isEqualTo(text(Side.CLIENT, "x"));
    }

    @Test
    void inject_sends_a_close_between_frames_and_nothing_behind_it() {
        Lab lab = Lab.with("after frame 1 text from server: inject close 1012").upgraded();
        lab.server(ONE).server(TWO);
        assertThat(lab.atClient()).isEqualTo(join(ONE, Frames.close(Side.SERVER, 1012, 0)));
        Lab late = Lab.with("after 1s: inject close 1001 to server").upgraded();
        byte[] frame = text(Side.CLIENT, "under way");
        late.client(java.util.Arrays.copyOf(frame, 8)).passMillis(1000);
        late.client(java.util.Arrays.copyOfRange(frame, 8, frame.length)).client(text(Side.CLIENT, "late"));
        List<Unit.Frame> frames = frames(Side.CLIENT, late.atServer());
        assertThat(frames).extracting(Unit.Frame::opcode).containsExactly(Opcode.TEXT, Opcode.CLOSE);
        assertThat(frames.get(1).payload()).isEqualTo(new byte[] {1001 >> 8, (byte) 1001});
    }

    @Test
    void reroute_dials_another_backend_before_the_first_byte() {
        assertThat(Lab.undialled("always: reroute b").events()).containsExactly("dial b");
        Lab lab = Lab.undialled("on request: reroute b");
        assertThat(lab.events()).isEmpty();
        assertThat(lab.client(REQUEST).events()).containsExactly("dial b");
        assertThat(lab.dialed().atServer()).isEqualTo(REQUEST);
    }

    @Test
    void sigterm_asks_for_a_kill_later() {
        Lab lab = Lab.with("after frame 1 text from server: sigterm a kill 10s")
                .upgraded()
                .server(ONE);
        assertThat(lab.events()).containsExactly("dial a", "sigterm a kill 10000ms");
    }

    @Test
    void barrier_holds_the_direction_of_its_trigger_and_release_is_for_everybody() {
        Lab lab = Lab.with("on frame 1 text from server: barrier mid\nafter frame 1 text from client: release mid")
                .upgraded()
                .server(ONE);
        assertThat(lab.atClient()).isEmpty();
        assertThat(lab.events()).containsExactly("dial a", "await mid");
        assertThat(lab.client(text(Side.CLIENT, "x")).events()).containsExactly("release mid");
        assertThat(lab.released("mid").atClient()).isEqualTo(ONE);
    }

    private static List<Unit.Frame> frames(Side from, byte[] bytes) {
        List<Unit.Frame> frames = new ArrayList<>();
        Scanner scanner = new Scanner(from);
        Scanner.Sink sink = new Scanner.Sink() {
            @Override
            public void begin(Unit unit) {
                if (unit instanceof Unit.Frame frame) {
                    frames.add(frame);
                }
            }

            @Override
            public void bytes(byte[] source, int offset, int length) {}

            @Override
            public void end() {}
        };
        byte[] stream = join(from == Side.CLIENT ? REQUEST : SWITCHED, bytes);
        scanner.feed(stream, 0, stream.length, sink);
        return frames;
    }
}
