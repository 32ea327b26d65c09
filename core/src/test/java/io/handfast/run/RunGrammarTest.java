package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Entry;
import io.handfast.protocol.EventType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The checker has to see what is wrong, or the tests that trust it prove nothing. */
class RunGrammarTest {
    private final List<Entry> entries = new ArrayList<>();

    private RunGrammarTest add(String run, EventType type, String payload) {
        long seq = entries.size() + 1L;
        String json = "{\"type\":\"" + type.name().toLowerCase(Locale.ROOT) + "\",\"thread_id\":\"t\",\"run_id\":\""
                + run + "\",\"seq\":" + seq + ",\"timestamp\":1.5,\"payload\":" + payload + "}";
        entries.add(new Entry(seq, type, run, json.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    private RunGrammarTest message(String run) {
        return add(run, EventType.USER_MESSAGE, "{}");
    }

    private RunGrammarTest started(String run) {
        return add(run, EventType.AGENT_STARTED, "{\"agent\":\"a\",\"message_id\":\"m\"}");
    }

    private RunGrammarTest chunk(String run, String text) {
        return add(run, EventType.AGENT_RESPONSE_CHUNK, "{\"text\":\"" + text + "\"}");
    }

    private RunGrammarTest completed(String run, String text) {
        return add(run, EventType.AGENT_COMPLETED, "{\"text\":\"" + text + "\",\"duration_ms\":1}");
    }

    private RunGrammarTest executing(String run) {
        return add(run, EventType.TOOL_EXECUTING, "{\"tool_call_id\":\"c\",\"tool_name\":\"x\",\"arguments\":{}}");
    }

    private void hasViolation(String part) {
        assertThat(RunGrammar.violations(entries)).anyMatch(violation -> violation.contains(part));
    }

    @Test
    void a_legal_run_has_no_violations() {
        message("r").message("s").started("r").executing("r");
        add(
                "r",
                EventType.TOOL_COMPLETED,
                "{\"tool_call_id\":\"c\",\"tool_name\":\"x\",\"status\":\"ok\",\"result\":1,\"duration_ms\":0}");
        chunk("r", "a").chunk("r", "b").completed("r", "ab").started("s").completed("s", "");
        assertThat(RunGrammar.violations(entries)).isEmpty();
    }

    @Test
    void a_missing_end_is_seen() {
        message("r").started("r");
        hasViolation("no terminal event");
        assertThat(RunGrammar.openViolations(entries)).isEmpty();
    }

    @Test
    void a_second_end_is_seen() {
        message("r").started("r").completed("r", "").completed("r", "");
        hasViolation("follows agent_completed");
    }

    @Test
    void a_missing_or_second_start_is_seen() {
        message("r").chunk("r", "a");
        hasViolation("while started=false");
        message("s").started("s").started("s");
        hasViolation("while started=true");
    }

    @Test
    void a_text_that_differs_from_the_chunks_is_seen() {
        message("r").started("r").chunk("r", "a").completed("r", "b");
        hasViolation("text is not that of the chunks");
    }

    @Test
    void open_tool_calls_at_the_end_are_seen() {
        message("r").started("r").executing("r").completed("r", "");
        hasViolation("open tool calls");
    }

    @Test
    void a_repeated_tool_call_is_seen() {
        message("r").started("r").executing("r").executing("r");
        hasViolation("twice");
    }

    @Test
    void work_before_its_turn_is_seen() {
        message("r").message("s").started("r").started("s").chunk("s", "a");
        hasViolation("works while r is open");
    }

    @Test
    void a_hole_in_the_sequence_is_seen() {
        message("r").started("r").completed("r", "");
        entries.remove(1);
        hasViolation("seq 3 follows 1");
    }
}
