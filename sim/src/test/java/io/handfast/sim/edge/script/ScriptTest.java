package io.handfast.sim.edge.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.sim.edge.script.Action.Early;
import io.handfast.sim.edge.script.Trigger.Moment;
import io.handfast.sim.edge.wire.Side;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScriptTest {
    private static final long MILLI = 1_000_000L;

    @Test
    void a_line_reads_like_what_it_does() {
        Script script = Script.parse("mine", """
                # a comment, and an empty line

                on 101: hold server until 50ms..150ms early drop  # and behind a rule
                connection 2..: after 4KiB from server: rst client; note cut
                """);
        assertThat(script.rules()).hasSize(2);
        Rule hold = script.rules().get(0);
        assertThat(hold.line()).isEqualTo(3);
        assertThat(hold.trigger()).isEqualTo(new Trigger.Switched(Moment.ON));
        assertThat(hold.actions())
                .containsExactly(
                        new Action.Hold(Side.SERVER, new Until.Time(new Span(50 * MILLI, 150 * MILLI)), Early.DROP));
        Rule cut = script.rules().get(1);
        assertThat(cut.selector()).isEqualTo(new Selector.Numbered(new Numbers(2, Long.MAX_VALUE)));
        assertThat(cut.trigger()).isEqualTo(new Trigger.Bytes(4096, Side.SERVER));
        assertThat(cut.actions()).hasSize(2).last().isEqualTo(new Action.Remark("cut"));
    }

    @Test
    void a_hundred_and_one_bytes_are_no_101() {
        Script script = Script.parse("x", "after 101 bytes from server: rst\nafter 101: rst");
        assertThat(script.rules().get(0).trigger()).isEqualTo(new Trigger.Bytes(101, Side.SERVER));
        assertThat(script.rules().get(1).trigger()).isEqualTo(new Trigger.Switched(Moment.AFTER));
    }

    @Test
    void both_sides_stand_for_two_actions() {
        assertThat(Script.parse("x", "always: delay both 40ms").rules().get(0).actions())
                .containsExactlyInAnyOrder(
                        new Action.Delay(Side.CLIENT, new Span(40 * MILLI, 40 * MILLI)),
                        new Action.Delay(Side.SERVER, new Span(40 * MILLI, 40 * MILLI)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on 101 hold server until 1s => no colon",
                "on 102: rst => '102' is no event; allowed: always, on|after request",
                "whenever: rst => 'whenever' begins no trigger; allowed: always",
                "always: explode => 'explode' is no action; allowed: hold, stop-read",
                "always: hold server => comes 'until'",
                "always: hold edge until 1s => 'edge' is no side; allowed: client, server, both",
                "always: hold server until 1 => '1' is no time; allowed: a time such as",
                "always: hold server until 2s..1s => runs backwards",
                "always: hold server until 1s early lose => 'lose' is no way with early frames; allowed: buffer, drop, rst",
                "always: drop => allowed there: on frame",
                "after 101: coalesce 1 frame => allowed there: on 101, on frame",
                "after 101: reroute b => allowed there: always, on request",
                "always: idle-kill 60s => comes 'counting'",
                "always: idle-kill 60s counting calls => 'calls' is no way to count; allowed: bytes, data",
                "always: lifetime-kill 30s by surprise => allowed: fin, rst, blackhole, close CODE",
                "always: inject close 99 => allowed: 1000 to 4999",
                "on frame 0 from server: drop => numbers start at 1",
                "on frame 1 smoke from server: drop => 'smoke' is no kind of frame; allowed: any, text",
                "after 0 bytes from server: rst => a number from 1 on",
                "connection none: always: rst => 'none' is no number",
                "connection 101%: always: rst => 0% to 100%",
                "always: rst; ; note x => an action is missing",
                "always: rst client please => 'please' is too much",
                "always: lifetime-kill $life => '$life' is no parameter of this script",
                "param Life = 3 => no parameter; allowed: param NAME = VALUE",
            })
    void a_wrong_line_is_named_with_what_is_allowed(String lineAndComplaint) {
        String line = lineAndComplaint.substring(0, lineAndComplaint.indexOf(" => "));
        String complaint = lineAndComplaint.substring(line.length() + " => ".length());
        assertThatThrownBy(() -> Script.parse("mine.edge", "# first\n" + line))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("mine.edge, line 2: ")
                .hasMessageContaining(complaint);
    }

    @Test
    void all_wrong_lines_are_reported_at_once() {
        assertThatThrownBy(() -> Script.parse("x", "always: explode\nalways: rst\nnever: rst"))
                .hasMessageContaining("line 1")
                .hasMessageContaining("line 3")
                .extracting(Throwable::getMessage)
                .asString()
                .hasLineCount(2);
    }

    @Test
    void parameters_can_be_given_and_unknown_ones_are_refused() {
        String text = "param life = 30s\nalways: lifetime-kill $life";
        Action kill = Script.parse("x", text, Map.of("life", "2m"))
                .rules()
                .get(0)
                .actions()
                .get(0);
        assertThat(kill).isEqualTo(new Action.LifetimeKill(120_000 * MILLI, new How.Fin()));
        assertThatThrownBy(() -> Script.parse("x", text, Map.of("death", "1s")))
                .hasMessage("x: there is no parameter 'death'; it has: life");
    }

    @Test
    void every_named_script_parses_and_every_script_file_has_a_name() throws IOException {
        for (List<String> names : List.of(NamedScripts.profiles(), NamedScripts.race())) {
            for (String name : names) {
                assertThat(NamedScripts.named(name).name()).isEqualTo(name);
            }
        }
        Path folder = Path.of("src/main/resources/io/handfast/sim/edge");
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString().replace(".edge", "")))
                    .containsExactlyInAnyOrderElementsOf(java.util.stream.Stream.concat(
                                    NamedScripts.profiles().stream(), NamedScripts.race().stream())
                            .toList());
        }
        assertThatThrownBy(() -> NamedScripts.named("aol"))
                .isInstanceOf(ScriptException.class)
                .hasMessageStartingWith("there is no script 'aol'; there are: cloud-run, ");
    }

    @Test
    void every_script_of_the_documentation_parses() throws IOException {
        String page = Files.readString(Path.of("../docs/edges/scripts.md"));
        Matcher blocks = Pattern.compile("```edge\\n(.*?)```", Pattern.DOTALL).matcher(page);
        int found = 0;
        while (blocks.find()) {
            found++;
            assertThat(Script.parse("scripts.md", blocks.group(1)).rules()).isNotEmpty();
        }
        assertThat(found).isGreaterThan(2);
    }

    @Test
    void the_documentation_of_profiles_has_every_number_of_every_profile() throws IOException {
        String page = Files.readString(Path.of("../docs/edges/profiles.md"));
        for (String name : NamedScripts.profiles()) {
            String text = NamedScripts.text(name);
            assertThat(page).contains("## " + name);
            Matcher urls = Pattern.compile("https://[^\\s)]+").matcher(text);
            while (urls.find()) {
                assertThat(page).as(name).contains(urls.group());
            }
            Matcher params = Pattern.compile("param (\\S+) = (\\S+)").matcher(text);
            while (params.find()) {
                assertThat(page).as(name).contains("| `" + params.group(1) + "` | " + params.group(2) + " |");
            }
        }
    }
}
