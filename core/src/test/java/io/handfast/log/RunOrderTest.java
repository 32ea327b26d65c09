package io.handfast.log;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.event;
import static io.handfast.log.LogUnderTest.started;
import static io.handfast.log.LogUnderTest.toolCompleted;
import static io.handfast.log.LogUnderTest.toolExecuting;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.RunOrder.Verdict;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunOrderTest {
    private static final RunState FRESH =
            new RunState("t", "i", "r", "ann", "echo", "m", null, 0, 1, false, false, Map.of(), Set.of(), null);

    private static Verdict judge(RunState run, EventDraft... events) {
        return RunOrder.judge(run, List.of(events), 5_000_000);
    }

    private static RunState after(RunState run, EventDraft... events) {
        Verdict verdict = judge(run, events);
        assertThat(verdict).isInstanceOf(Verdict.Written.class);
        RunState changed = ((Verdict.Written) verdict).changed();
        return changed == null ? run : changed;
    }

    private static String broken(RunState run, EventDraft... events) {
        assertThat(judge(run, events)).isInstanceOf(Verdict.Broken.class);
        return ((Verdict.Broken) judge(run, events)).why();
    }

    @Test
    void agent_started_comes_first_and_once() {
        assertThat(broken(FRESH, chunk("a"))).contains("agent_response_chunk before agent_started");
        assertThat(broken(after(FRESH, started()), started())).contains("second agent_started");
        assertThat(broken(FRESH, started(), started())).contains("second agent_started");
        assertThat(after(FRESH, started(), chunk("a")).started()).isTrue();
    }

    @Test
    void nothing_follows_the_terminal_event() {
        assertThat(broken(FRESH, started(), completed(), chunk("a"))).contains("after the terminal event");
        assertThat(broken(FRESH, started(), completed(), completed())).contains("after the terminal event");
        assertThat(judge(after(FRESH, started(), completed()), completed())).isEqualTo(new Verdict.Over());
    }

    @Test
    void a_tool_call_is_completed_exactly_once_and_its_id_never_used_again() {
        RunState open = after(FRESH, started(), toolExecuting("a"));
        RunState closed = after(open, toolCompleted("a"));

        assertThat(broken(open, toolExecuting("a"))).contains("a was used");
        assertThat(broken(closed, toolExecuting("a"))).contains("a was used");
        assertThat(broken(closed, toolCompleted("a"))).contains("second tool_completed");
        assertThat(broken(open, toolCompleted("b"))).contains("without tool_executing");
    }

    @Test
    void a_tool_event_without_its_fields_is_refused() {
        RunState run = after(FRESH, started());
        assertThat(broken(run, event(EventType.TOOL_EXECUTING, Map.of("tool_name", "x"))))
                .contains("tool_call_id");
        assertThat(broken(run, event(EventType.TOOL_EXECUTING, Map.of("tool_call_id", 7, "tool_name", "x"))))
                .contains("tool_call_id");
        assertThat(broken(run, event(EventType.TOOL_COMPLETED, Map.of()))).contains("tool_call_id");
        assertThat(broken(run, new EventDraft(EventType.TOOL_COMPLETED, "{".getBytes(StandardCharsets.UTF_8))))
                .contains("tool_call_id");
    }

    @Test
    void a_user_message_and_an_empty_batch_are_no_events_of_a_run() {
        assertThat(broken(FRESH, event(EventType.USER_MESSAGE, Map.of()))).contains("user_message");
        assertThat(broken(FRESH)).contains("no event");
    }

    @Test
    void tool_calls_are_bounded() {
        Set<String> closed = new HashSet<>();
        for (int i = 1; i < RunOrder.TOOL_CALLS_MAX; i++) {
            closed.add("a" + i);
        }
        RunState run = new RunState("t", "i", "r", "ann", "echo", "m", null, 0, 1, true, false, Map.of(), closed, null);
        run = after(run, toolExecuting("last"));
        assertThat(broken(run, toolExecuting("more"))).contains(String.valueOf(RunOrder.TOOL_CALLS_MAX));
        assertThat(after(run, completed()).closedTools()).isEmpty();
    }

    @Test
    void whatever_an_agent_emits_what_is_written_is_in_order() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            List<EventDraft> written = new ArrayList<>();
            RunState run = FRESH;
            for (int i = 0; i < 40; i++) {
                List<EventDraft> events = new ArrayList<>();
                for (int n = random.nextInt(4); n >= 0; n--) {
                    events.add(any(random));
                }
                if (RunOrder.judge(run, events, 0) instanceof Verdict.Written verdict) {
                    written.addAll(verdict.events());
                    run = verdict.changed() == null ? run : verdict.changed();
                }
            }
            if (RunOrder.judge(run, List.of(completed()), 0) instanceof Verdict.Written verdict) {
                written.addAll(verdict.events());
            }
            check(written, "seed " + seed);
        }
    }

    private static EventDraft any(Random random) {
        String id = "c" + random.nextInt(6);
        return switch (random.nextInt(12)) {
            case 0 -> completed();
            case 1, 2 -> started();
            case 3, 4, 5 -> toolExecuting(id);
            case 6, 7, 8 -> toolCompleted(id);
            default -> chunk("x");
        };
    }

    private static void check(List<EventDraft> written, String seed) {
        Set<String> open = new HashSet<>();
        Set<String> used = new HashSet<>();
        for (int i = 0; i < written.size(); i++) {
            EventDraft event = written.get(i);
            String json = new String(event.payload(), StandardCharsets.UTF_8);
            String id = json.replaceAll(".*\"tool_call_id\":\"([^\"]*)\".*", "$1");
            assertThat(event.type() == EventType.AGENT_STARTED).as(seed).isEqualTo(i == 0);
            assertThat(event.type().terminal()).as(seed).isEqualTo(i == written.size() - 1);
            if (event.type() == EventType.TOOL_EXECUTING) {
                assertThat(used.add(id)).as(seed).isTrue();
                open.add(id);
            } else if (event.type() == EventType.TOOL_COMPLETED) {
                assertThat(open.remove(id)).as(seed).isTrue();
            }
        }
        assertThat(open).as(seed).isEmpty();
    }
}
