package io.handfast.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agents.agui.AguiEvent;
import io.handfast.agents.agui.MalformedAguiException;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the events of a run are cut into batches, and whichever process reads each: they come to the same. */
class AguiReadingTest {
    private static final int ANSWER_CHARS_MAX = 1000;

    @Test
    void a_chunk_that_makes_an_answer_too_long_ends_the_run_with_an_error_in_its_place() throws Exception {
        AguiEvent end = event(Map.of("type", "RUN_FINISHED", "threadId", "t", "runId", "r"));
        AguiReading first = new AguiReading("bot", null, "", 7);
        first.take(said("1234"));

        AguiReading enough = new AguiReading("bot", first.position(), "1234", 7);
        assertThat(enough.take(said("567")))
                .extracting(EventDraft::type)
                .containsExactly(EventType.AGENT_RESPONSE_CHUNK);
        assertThat(enough.take(end)).singleElement().satisfies(draft -> {
            assertThat(draft.type()).isEqualTo(EventType.AGENT_COMPLETED);
            assertThat(new String(draft.payload(), StandardCharsets.UTF_8)).contains("\"text\":\"1234567\"");
        });
        assertThat(enough.ended()).isTrue();

        // Of a batch without an end the answer is not read again.
        AguiReading tooMuch = new AguiReading("bot", first.position(), "", 7);
        assertThat(tooMuch.take(said("5678"))).singleElement().satisfies(draft -> {
            assertThat(draft.type()).isEqualTo(EventType.AGENT_ERROR);
            assertThat(new String(draft.payload(), StandardCharsets.UTF_8))
                    .contains("agent_failed", "an answer may have at most 7 characters");
        });
        assertThat(tooMuch.take(end))
                .as("what the producer sent before it could know")
                .isEmpty();
        assertThat(tooMuch.ended()).isFalse();
    }

    private static AguiEvent said(String text) throws MalformedAguiException {
        return event(Map.of("type", "TEXT_MESSAGE_CONTENT", "messageId", "m", "delta", text));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_126})
    void a_reading_that_is_taken_up_again_anywhere_comes_to_the_same(long firstSeed) throws Exception {
        for (long seed = firstSeed; seed < firstSeed + 400; seed++) {
            Random random = new Random(seed);
            List<AguiEvent> events = events(random);
            assertThat(read(events, () -> true)).as("seed " + seed).isEqualTo(read(events, () -> false));
            assertThat(read(events, random::nextBoolean)).as("seed " + seed).isEqualTo(read(events, () -> false));
        }
    }

    private interface Cut {
        boolean here();
    }

    private static List<String> read(List<AguiEvent> events, Cut cut) throws Exception {
        List<String> read = new ArrayList<>();
        StringBuilder answer = new StringBuilder();
        AguiReading reading = new AguiReading("bot", null, "", ANSWER_CHARS_MAX);
        for (AguiEvent event : events) {
            if (reading.ended()) {
                return read;
            }
            try {
                for (EventDraft draft : reading.take(event)) {
                    String payload = new String(draft.payload(), StandardCharsets.UTF_8);
                    read.add(draft.type() + " " + payload);
                    if (draft.type() == EventType.AGENT_RESPONSE_CHUNK
                            && Json.read(draft.payload()) instanceof Map<?, ?> chunk) {
                        answer.append(chunk.get("text"));
                    }
                }
            } catch (MalformedAguiException e) {
                read.add("malformed: " + e.getMessage());
                return read;
            }
            if (cut.here()) {
                reading = new AguiReading("bot", reading.position(), answer.toString(), ANSWER_CHARS_MAX);
            }
        }
        return read;
    }

    private static List<AguiEvent> events(Random random) throws MalformedAguiException {
        List<AguiEvent> events = new ArrayList<>();
        if (random.nextInt(5) > 0) {
            events.add(event(Map.of("type", "RUN_STARTED", "threadId", "t", "runId", "r", "protocolVersion", "1.0")));
        }
        for (int i = random.nextInt(25); i > 0; i--) {
            events.add(event(any(random)));
        }
        events.add(event(Map.of("type", "RUN_FINISHED", "threadId", "t", "runId", "r")));
        return events;
    }

    private static AguiEvent event(Map<String, Object> fields) throws MalformedAguiException {
        return AguiEvent.of(fields);
    }

    private static Map<String, Object> any(Random random) {
        String message = "m" + random.nextInt(3);
        String call = "c" + random.nextInt(3);
        String piece = List.of("a", "b ", "\ud83d", "\ude00", "").get(random.nextInt(5));
        return switch (random.nextInt(14)) {
            case 0 ->
                Map.of(
                        "type",
                        "TEXT_MESSAGE_START",
                        "messageId",
                        message,
                        "role",
                        random.nextInt(4) == 0 ? "developer" : "assistant");
            case 1, 2, 3 -> Map.of("type", "TEXT_MESSAGE_CONTENT", "messageId", message, "delta", piece);
            case 4 -> Map.of("type", "TEXT_MESSAGE_CHUNK", "messageId", message, "delta", piece);
            case 5, 6 -> Map.of("type", "TOOL_CALL_START", "toolCallId", call, "toolCallName", "look");
            case 7 ->
                Map.of(
                        "type",
                        "TOOL_CALL_ARGS",
                        "toolCallId",
                        call,
                        "delta",
                        random.nextBoolean() ? "{\"a\":1" : piece);
            case 8 -> Map.of("type", "TOOL_CALL_CHUNK", "toolCallId", call, "toolCallName", "look", "delta", "}");
            case 9 -> Map.of("type", "TOOL_CALL_END", "toolCallId", call);
            case 10 -> Map.of("type", "TOOL_CALL_RESULT", "messageId", "x", "toolCallId", call, "content", "ok");
            case 11 -> Map.of("type", "REASONING_MESSAGE_CONTENT", "messageId", "q", "delta", "hm");
            case 12 -> Map.of("type", "MY_OWN", "n", 1L);
            default -> Map.of("type", "CUSTOM", "name", "x", "value", 1L);
        };
    }
}
