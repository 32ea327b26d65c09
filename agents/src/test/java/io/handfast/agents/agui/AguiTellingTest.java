package io.handfast.agents.agui;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AguiTellingTest {
    private final AguiTelling telling = new AguiTelling("t", "r", "r");
    private final List<AguiEvent> told = new ArrayList<>();

    private AguiTellingTest tell(EventType type, @Nullable Object... fields) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            payload.put(String.valueOf(fields[i]), fields[i + 1]);
        }
        told.addAll(telling.tell(type, payload));
        return this;
    }

    private List<String> names() {
        return told.stream().map(AguiEvent::name).toList();
    }

    private AguiEvent last() {
        return told.get(told.size() - 1);
    }

    @Test
    void an_answer_with_a_thought_and_a_tool() {
        tell(EventType.AGENT_STARTED, "agent", "a");
        tell(EventType.AGENT_THINKING, "text", "hm");
        tell(EventType.AGENT_THINKING, "text", " so");
        tell(EventType.TOOL_EXECUTING, "tool_call_id", "c", "tool_name", "look", "arguments", Map.of("a", 1));
        tell(EventType.TOOL_COMPLETED, "tool_call_id", "c", "status", "ok", "result", List.of(1, 2));
        tell(EventType.AGENT_RESPONSE_CHUNK, "text", "to ");
        tell(EventType.AGENT_RESPONSE_CHUNK, "text", "be");
        tell(EventType.AGENT_COMPLETED, "text", "to be", "usage", Map.of("input_tokens", 3L, "model", "m"));

        assertThat(names())
                .containsExactly(
                        "RUN_STARTED",
                        "REASONING_START",
                        "REASONING_MESSAGE_START",
                        "REASONING_MESSAGE_CONTENT",
                        "REASONING_MESSAGE_CONTENT",
                        "REASONING_MESSAGE_END",
                        "REASONING_END",
                        "TOOL_CALL_START",
                        "TOOL_CALL_ARGS",
                        "TOOL_CALL_END",
                        "TOOL_CALL_RESULT",
                        "TEXT_MESSAGE_START",
                        "TEXT_MESSAGE_CONTENT",
                        "TEXT_MESSAGE_CONTENT",
                        "TEXT_MESSAGE_END",
                        "RUN_FINISHED");
        assertThat(AguiRules.violations(told)).isEmpty();
        assertThat(told.get(8).string("delta")).isEqualTo("{\"a\":1}");
        assertThat(told.get(10).string("content")).isEqualTo("[1,2]");
        assertThat(told.get(11).string("messageId")).isEqualTo("r");
        assertThat(last().fields())
                .containsEntry("outcome", Map.of("type", "success"))
                .containsEntry("usage", List.of(Map.of("model", "m", "inputTokens", 3L)));
    }

    @Test
    void a_text_that_a_tool_interrupts_goes_on_as_another_message() {
        tell(EventType.AGENT_RESPONSE_CHUNK, "text", "a");
        tell(EventType.TOOL_EXECUTING, "tool_call_id", "c", "tool_name", "look", "arguments", Map.of());
        tell(EventType.AGENT_RESPONSE_CHUNK, "text", "b");
        tell(EventType.AGENT_COMPLETED, "text", "ab");
        assertThat(told.stream().filter(event -> event.name().equals("TEXT_MESSAGE_START")))
                .extracting(event -> event.string("messageId"))
                .containsExactly("r", "r:2");
        assertThat(AguiRules.violations(told)).isEmpty();
    }

    @Test
    void each_end_of_a_run_has_its_own_word() {
        tell(EventType.AGENT_RESPONSE_CHUNK, "text", "a").tell(EventType.AGENT_CANCELLED, "by", "ann");
        assertThat(names()).endsWith("TEXT_MESSAGE_END", "RUN_FINISHED");
        assertThat(last().fields()).containsEntry("outcome", Map.of("type", "cancelled"));

        assertThat(new AguiTelling("t", "r", "r")
                        .tell(EventType.AGENT_ERROR, Map.of("code", "agent_lost", "message", "gone")))
                .last()
                .satisfies(error -> assertThat(error.fields())
                        .containsEntry("type", "RUN_ERROR")
                        .containsEntry("code", "agent_lost")
                        .containsEntry("message", "gone"));
        assertThat(telling.tell(EventType.AGENT_RESPONSE_CHUNK, Map.of("text", "late")))
                .isEmpty();
    }

    @Test
    void what_a_run_waits_for_is_its_outcome() {
        tell(EventType.TOOL_EXECUTING, "tool_call_id", "c", "tool_name", "pick", "arguments", Map.of());
        tell(EventType.TOOL_COMPLETED, "tool_call_id", "c", "status", "aborted");
        tell(
                EventType.AGENT_COMPLETED,
                "text",
                "",
                "pending",
                List.of(Map.of("kind", "tool_call", "tool_call_id", "c", "tool_name", "pick")));
        assertThat(names()).doesNotContain("TOOL_CALL_RESULT");
        assertThat(last().fields())
                .containsEntry("outcome", Map.of("type", "success", "pendingToolCallIds", List.of("c")));

        Map<String, Object> interrupt = Map.of("id", "i", "reason", "approval");
        AguiTelling other = new AguiTelling("t", "r", "r");
        List<AguiEvent> events = other.tell(
                EventType.AGENT_COMPLETED,
                Map.of("text", "", "pending", List.of(Map.of("kind", "interrupt", "interrupt", interrupt))));
        assertThat(events.get(events.size() - 1).fields())
                .containsEntry("outcome", Map.of("type", "interrupt", "interrupts", List.of(interrupt)));
    }

    @Test
    void an_answer_that_came_in_one_piece_is_told() {
        tell(EventType.AGENT_STARTED, "agent", "a").tell(EventType.AGENT_COMPLETED, "text", "whole");
        assertThat(names())
                .containsExactly(
                        "RUN_STARTED",
                        "TEXT_MESSAGE_START",
                        "TEXT_MESSAGE_CONTENT",
                        "TEXT_MESSAGE_END",
                        "RUN_FINISHED");
        assertThat(told.get(2).string("delta")).isEqualTo("whole");
    }

    @Test
    void what_came_from_an_agent_of_agui_goes_out_as_it_came() {
        Map<String, Object> unheard = Map.of("type", "MY_OWN", "n", 1L);
        tell(EventType.CUSTOM, "name", "MY_OWN", "value", unheard);
        assertThat(last().name()).isEqualTo("MY_OWN");
        assertThat(last().fields()).isEqualTo(unheard);
        tell(EventType.CUSTOM, "name", "STATE_SNAPSHOT", "value", Map.of("type", "STATE_SNAPSHOT", "snapshot", 1L));
        assertThat(last().name()).isEqualTo("STATE_SNAPSHOT");
        // What belongs to a sequence that was not told whole is told of, and does not take part.
        tell(EventType.CUSTOM, "name", "STEP_FINISHED", "value", Map.of("type", "STEP_FINISHED", "stepName", "s"));
        assertThat(last().name()).isEqualTo("CUSTOM");
        tell(EventType.CUSTOM, "name", "plain", "value", null);
        assertThat(last().fields()).containsEntry("name", "plain").containsEntry("value", null);
        tell(EventType.AGENT_COMPLETED, "text", "");
        assertThat(AguiRules.violations(told)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_126})
    void whatever_a_run_holds_is_told_by_the_rules(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 300; seed++) {
            Random random = new Random(seed);
            AguiTelling anew = new AguiTelling("t", "r", "r");
            List<AguiEvent> all = new ArrayList<>();
            int calls = 0;
            for (int i = random.nextInt(20); i > 0; i--) {
                all.addAll(
                        switch (random.nextInt(6)) {
                            case 0 ->
                                anew.tell(EventType.AGENT_THINKING, Map.of("text", random.nextBoolean() ? "a" : ""));
                            case 1 ->
                                anew.tell(
                                        EventType.TOOL_EXECUTING,
                                        Map.of("tool_call_id", "c" + calls++, "tool_name", "n", "arguments", Map.of()));
                            case 2 ->
                                anew.tell(
                                        EventType.TOOL_COMPLETED,
                                        Map.of("tool_call_id", "c0", "status", "error", "result", "x"));
                            case 3 -> anew.tell(EventType.CUSTOM, Map.of("name", "x", "value", 1L));
                            default ->
                                anew.tell(
                                        EventType.AGENT_RESPONSE_CHUNK,
                                        Map.of("text", random.nextBoolean() ? "a" : ""));
                        });
            }
            all.addAll(
                    switch (random.nextInt(3)) {
                        case 0 -> anew.tell(EventType.AGENT_ERROR, Map.of("code", "agent_failed", "message", "m"));
                        case 1 -> anew.tell(EventType.AGENT_CANCELLED, Map.of("by", "b"));
                        default -> anew.tell(EventType.AGENT_COMPLETED, Map.of("text", "a"));
                    });
            assertThat(AguiRules.violations(all)).as("seed " + seed).isEmpty();
        }
    }
}
