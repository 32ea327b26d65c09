package io.handfast.sim.edge.link;

import static io.handfast.sim.edge.wire.Bytes.REQUEST;
import static io.handfast.sim.edge.wire.Bytes.SWITCHED;
import static io.handfast.sim.edge.wire.Bytes.ascii;
import static io.handfast.sim.edge.wire.Bytes.frame;
import static io.handfast.sim.edge.wire.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each trigger, and which connections a rule is for. */
final class TriggersTest {
    @Test
    void on_request_acts_before_it_is_passed_on_and_after_request_behind_it() {
        Lab on = Lab.with("on request: hold client until 10ms").client(REQUEST);
        assertThat(on.atServer()).isEmpty();
        assertThat(on.passMillis(10).atServer()).isEqualTo(REQUEST);
        Lab after = Lab.with("after request: hold client until 10ms").client(REQUEST, text(Side.CLIENT, "early"));
        assertThat(after.atServer()).isEqualTo(REQUEST);
        assertThat(after.passMillis(10).atServer()).isEqualTo(text(Side.CLIENT, "early"));
    }

    @Test
    void on_101_is_not_met_by_a_refusal() {
        Lab lab = Lab.with("on 101: note yes").client(REQUEST).server(ascii("HTTP/1.1 403 Forbidden\r\n\r\n"));
        assertThat(lab.notes()).isEmpty();
        assertThat(Lab.with("on 101: note yes").upgraded().notes()).containsExactly("yes");
    }

    @Test
    void frames_are_counted_by_side_and_kind() {
        Lab lab = Lab.with("on frame 2 text from server: note text 2\non frame 2 from server: note any 2\n"
                        + "on frame 2.. control from client: note control\non frame 1 data from client: note data")
                .upgraded();
        lab.server(frame(Side.SERVER, Opcode.PING, ascii("x")));
        assertThat(lab.notes()).isEmpty();
        lab.server(text(Side.SERVER, "1"));
        assertThat(lab.notes()).containsExactly("any 2");
        lab.server(text(Side.SERVER, "2"));
        assertThat(lab.notes()).containsExactly("any 2", "text 2");
        lab.client(frame(Side.CLIENT, Opcode.PONG, ascii("x")));
        lab.client(frame(Side.CLIENT, Opcode.PING, ascii("x")), frame(Side.CLIENT, Opcode.CLOSE, new byte[0]));
        assertThat(lab.notes()).containsExactly("any 2", "text 2", "control", "control");
        lab.client(frame(Side.CLIENT, Opcode.BINARY, new byte[3]));
        assertThat(lab.notes()).endsWith("data");
    }

    @Test
    void a_calm_link_goes_on_with_what_it_does_and_begins_nothing() {
        Lab lab = Lab.with("after frame 1 from server: hold server until 10ms\non frame 2.. from server: drop\n"
                        + "after 1ms: rst")
                .upgraded();
        lab.server(text(Side.SERVER, "1"));
        lab.link().calm();
        lab.server(text(Side.SERVER, "2"));
        assertThat(lab.atClient()).isEqualTo(text(Side.SERVER, "1"));
        assertThat(lab.passMillis(10).atClient()).isEqualTo(text(Side.SERVER, "2"));
        assertThat(lab.events()).doesNotContain("rst CLIENT", "rst SERVER");
    }

    @Test
    void a_number_of_bytes_is_met_exactly_in_any_split() {
        byte[] stream = new byte[100];
        for (int split = 1; split < 100; split++) {
            Lab lab = Lab.with("after 64 bytes from server: blackhole server")
                    .server(Arrays.copyOf(stream, split))
                    .server(Arrays.copyOfRange(stream, split, 100));
            assertThat(lab.atClient()).as("split at %d", split).hasSize(64);
        }
    }

    @Test
    void several_numbers_of_bytes_in_one_read_are_met_in_turn() {
        Lab lab = Lab.with("after 10 bytes from server: note ten\nafter 20 bytes from server: note twenty")
                .server(new byte[30]);
        assertThat(lab.notes()).containsExactly("ten", "twenty");
    }

    @Test
    void a_fin_is_a_trigger() {
        Lab lab = Lab.with("on fin from server: rst client").upgraded();
        lab.events();
        assertThat(lab.fin(Side.SERVER).events()).contains("rst client");
    }

    @Test
    void a_time_counts_from_the_connect() {
        Lab lab = Lab.with("after 2s: note now").upgraded().passMillis(1999);
        assertThat(lab.notes()).isEmpty();
        assertThat(lab.passMillis(1).notes()).containsExactly("now");
        assertThat(lab.passMillis(10_000).notes()).hasSize(1);
    }

    @Test
    void a_rule_is_for_the_connections_that_it_names() {
        String script =
                "connection 2: always: note two\nconnection 3..: always: note late\nconnection each 2: always: note even";
        assertThat(notes(1, script)).isEmpty();
        assertThat(notes(2, script)).containsExactly("two", "even");
        assertThat(notes(3, script)).containsExactly("late");
        assertThat(notes(4, script)).containsExactly("late", "even");
    }

    @Test
    void a_share_of_the_connections_is_drawn_by_the_seed() {
        int hit = 0;
        for (long number = 1; number <= 2000; number++) {
            hit += notes(number, "connection 3%: always: note unlucky").size();
            assertThat(notes(number, "connection 50%: always: note x"))
                    .isEqualTo(notes(number, "connection 50%: always: note x"));
        }
        assertThat(hit).isBetween(30, 95);
    }

    @Test
    void times_of_a_script_can_be_scaled() {
        Script scaled = Script.parse("test", "always: lifetime-kill 30s").times(0.01);
        Link link = new Link(scaled, 1, 1, "a", 0);
        assertThat(link.nextDeadlineNanos()).isEqualTo(300_000_000L);
    }

    @Test
    void several_rules_and_actions_act_in_the_order_of_the_file() {
        Lab lab = Lab.with("on 101: note a; note b\non 101: note c")
                .client(REQUEST)
                .server(SWITCHED);
        assertThat(lab.notes()).containsExactly("a", "b", "c");
    }

    private static List<String> notes(long connection, String script) {
        return new ArrayList<>(Lab.connection(connection, script).notes());
    }
}
