package io.handfast.connection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Entry;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Vectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CoalescingTest {
    private static final String THREAD = "t-1";

    @TestFactory
    List<DynamicTest> the_vectors() {
        return Vectors.of("coalescing.json").stream()
                .map(vector -> DynamicTest.dynamicTest((String) requireNonNull(vector.get("name")), () -> {
                    List<Entry> entries = texts(vector.get("events")).stream()
                            .map(CoalescingTest::entry)
                            .toList();

                    assertThat(frames(THREAD, entries)).isEqualTo(texts(vector.get("frames")));
                }))
                .toList();
    }

    @Test
    void an_entry_that_goes_alone_shares_its_bytes() {
        Entry thinking = encoded(1, EventType.AGENT_THINKING, "r", "hm");
        Entry chunk = encoded(2, EventType.AGENT_RESPONSE_CHUNK, "r", "a");

        List<byte[]> frames = Coalescing.frames(THREAD, List.of(thinking, chunk));

        assertThat(frames.get(0)).isSameAs(thinking.json());
        assertThat(frames.get(1)).isSameAs(chunk.json());
    }

    @Test
    void bytes_of_another_layout_go_alone() throws Exception {
        String other =
                "{\"seq\":1,\"type\":\"agent_response_chunk\",\"thread_id\":\"t-1\",\"payload\":{\"text\":\"a\"}}";
        Entry strange = new Entry(1, EventType.AGENT_RESPONSE_CHUNK, "r", other.getBytes(UTF_8));
        Entry tiny = new Entry(2, EventType.AGENT_RESPONSE_CHUNK, "r", "{}".getBytes(UTF_8));
        Entry chunk = encoded(3, EventType.AGENT_RESPONSE_CHUNK, "r", "c");

        assertThat(Coalescing.frames(THREAD, List.of(strange, tiny, chunk)))
                .containsExactly(strange.json(), tiny.json(), chunk.json());
    }

    @Test
    void whatever_the_events_a_reader_gets_every_text_once_and_in_as_few_frames_as_there_are_runs_of_chunks()
            throws Exception {
        long seed = Long.getLong("handfast.random.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int life = 0; life < 300; life++) {
            List<Entry> entries = new ArrayList<>();
            Map<String, StringBuilder> said = new LinkedHashMap<>();
            int groups = 0;
            String before = "";
            long first = 1L + random.nextInt(200);
            for (int i = 0; i < 1 + random.nextInt(30); i++) {
                String run = random.nextInt(4) == 0 ? "other-run" : "r";
                boolean chunk = random.nextInt(4) > 0;
                String text = text(random);
                EventType type = chunk ? EventType.AGENT_RESPONSE_CHUNK : EventType.AGENT_THINKING;
                entries.add(encoded(first + i, type, run, text));
                if (chunk) {
                    said.computeIfAbsent(run, id -> new StringBuilder()).append(text);
                }
                String now = chunk ? run : "event " + i;
                groups += now.equals(before) ? 0 : 1;
                before = now;
            }

            List<String> frames = frames(THREAD, entries);

            assertThat(frames).as("frames with seed %d", seed).hasSize(groups);
            assertThat(read(frames, first)).as("texts with seed %d", seed).isEqualTo(texts(said));
        }
    }

    /** What a client makes of the frames: the chunks' texts of each run. */
    private static Map<String, String> read(List<String> frames, long firstSeq) throws Exception {
        Map<String, StringBuilder> read = new LinkedHashMap<>();
        long next = firstSeq;
        for (String frame : frames) {
            Map<String, @Nullable Object> event = object(frame);
            long seq = (Long) requireNonNull(event.get("seq"));
            assertThat(event.getOrDefault("first_seq", seq)).isEqualTo(next);
            next = seq + 1;
            if ("agent_response_chunk".equals(event.get("type"))) {
                Map<?, ?> payload = (Map<?, ?>) requireNonNull(event.get("payload"));
                read.computeIfAbsent((String) requireNonNull(event.get("run_id")), id -> new StringBuilder())
                        .append(payload.get("text"));
            }
        }
        return texts(read);
    }

    private static Map<String, String> texts(Map<String, StringBuilder> built) {
        Map<String, String> texts = new LinkedHashMap<>();
        built.forEach((run, text) -> texts.put(run, text.toString()));
        return texts;
    }

    private static String text(Random random) {
        String[] pieces = {"\"", "\\", "\n", "\u0001", "}", "{\"text\":\"", "é", "€", "👋", "word ", "\"}}", "u00"};
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }

    private static List<String> frames(String threadId, List<Entry> entries) {
        return Coalescing.frames(threadId, entries).stream()
                .map(json -> new String(json, UTF_8))
                .toList();
    }

    private static Entry encoded(long seq, EventType type, String run, String text) {
        byte[] payload = Json.write(Map.of("text", text));
        return new Entry(seq, type, run, EventEncoder.encode(type, THREAD, seq, 1_763_840_000_000_000L, run, payload));
    }

    private static Entry entry(String json) {
        Map<String, @Nullable Object> event = object(json);
        EventType type = EventType.valueOf(((String) requireNonNull(event.get("type"))).toUpperCase(Locale.ROOT));
        return new Entry(
                (Long) requireNonNull(event.get("seq")), type, (String) event.get("run_id"), json.getBytes(UTF_8));
    }

    @SuppressWarnings("unchecked") // the vectors hold objects, and so do frames
    private static Map<String, @Nullable Object> object(String json) {
        try {
            return (Map<String, @Nullable Object>) requireNonNull(Json.read(json.getBytes(UTF_8)));
        } catch (Json.MalformedJsonException e) {
            throw new AssertionError("not JSON: " + json, e);
        }
    }

    @SuppressWarnings("unchecked") // the vectors hold arrays of strings
    private static List<String> texts(@Nullable Object array) {
        return (List<String>) requireNonNull(array);
    }
}
