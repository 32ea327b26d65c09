package io.handfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ServerFramesTest {
    private static final long MICROS = 1_763_840_000_125_000L;

    @Test
    void writes_every_frame_exactly_as_its_vector() {
        List<byte[]> frames = List.of(
                ServerFrames.handshakeValidation("9f0c", 1, MICROS),
                ServerFrames.connectionReady("c-1", "alice", "transport", 1_900, 20_000, 3_300_000, MICROS),
                ServerFrames.subscribed("t-1", "e7", 9, 4, true),
                ServerFrames.historyGap("t-1", "trimmed", 4, 6),
                ServerFrames.unsubscribed("t-1", null),
                ServerFrames.unsubscribed("t-1", "deleted"),
                ServerFrames.messageAccepted("t-1", "m-1", 9, "r-1", false),
                ServerFrames.cancelAccepted("t-1", "r-1"),
                ServerFrames.heartbeat(MICROS),
                ServerFrames.heartbeatAck(MICROS),
                ServerFrames.draining(500, "shutdown"),
                ServerFrames.error(new Refusal(
                        ErrorCode.UNAVAILABLE, "the \"log\"\n\0 Grüße 👋 \ud83d", "user_message", "m-1", "t-1")),
                ServerFrames.error(new Refusal(ErrorCode.BAD_JSON, "no", null, null, null)));
        assertVectors("server-frames.json", frames);
    }

    @Test
    void splices_every_event_exactly_as_its_vector() {
        List<byte[]> events = new ArrayList<>();
        for (Map<String, @Nullable Object> vector : Vectors.of("events.json")) {
            Map<?, ?> event = (Map<?, ?>) requireNonNull(read(String.valueOf(vector.get("json"))));
            events.add(EventEncoder.encode(
                    EventType.valueOf(String.valueOf(event.get("type")).toUpperCase(Locale.ROOT)),
                    String.valueOf(event.get("thread_id")),
                    events.size() + 1,
                    1_763_840_000_000_001L,
                    (String) event.get("run_id"),
                    Json.write(event.get("payload"))));
        }
        assertThat(events).hasSizeGreaterThanOrEqualTo(EventType.values().length);
        assertVectors("events.json", events);
    }

    private static @Nullable Object read(String json) {
        try {
            return Json.read(json.getBytes(UTF_8));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError(json, e);
        }
    }

    private static void assertVectors(String file, List<byte[]> actual) {
        List<String> expected = Vectors.of(file).stream()
                .map(vector -> String.valueOf(vector.get("json")))
                .toList();
        assertThat(actual.stream().map(bytes -> new String(bytes, UTF_8)))
                .containsExactlyElementsOf(expected)
                .allSatisfy(ServerFramesTest::read);
    }
}
