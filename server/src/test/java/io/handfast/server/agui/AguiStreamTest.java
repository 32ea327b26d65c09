package io.handfast.server.agui;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Entry;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that joins anywhere, within what one event of the log became too, is told the rest by the rules of AG-UI. */
class AguiStreamTest {
    private static final String EPOCH = "e";

    @ParameterizedTest
    @ValueSource(longs = {1, 20_261_126})
    void a_client_that_joins_anywhere_is_told_the_rest_and_what_is_open_anew(long firstSeed) {
        for (long seed = firstSeed; seed < firstSeed + 60; seed++) {
            List<Entry> run = run(new Random(seed));
            List<String> whole = data(stream(run, 0, null));
            List<String> ids = ids(stream(run, 0, null));
            for (int told = 1; told <= ids.size(); told++) {
                String id = ids.get(told - 1);
                String joined = stream(run, seq(id), id);
                List<String> rest = data(joined);
                String at = "seed " + seed + ", behind " + id;
                assertThat(rest.get(0)).as(at).contains("RUN_STARTED");
                // Whoever was told the end is told the end again, and nothing else.
                int from = Math.min(told, whole.size() - 1);
                assertThat(rest.subList(rest.size() - (whole.size() - from), rest.size()))
                        .as(at)
                        .isEqualTo(whole.subList(from, whole.size()));
                assertThat(openAfter(whole.subList(0, from)))
                        .as(at)
                        .isEqualTo(new LinkedHashSet<>(rest.subList(1, rest.size() - (whole.size() - from))));
                assertThat(ids(joined)).as(at).isEqualTo(ids.subList(from, ids.size()));
            }
        }
    }

    /** The stream of a run: whole, or as a client gets it that was last told {@code id}. */
    private static String stream(List<Entry> run, long afterSeq, @Nullable String id) {
        AguiStream stream = new AguiStream("t", "r", "r");
        if (id != null) {
            stream.join(
                    EPOCH,
                    run.stream().filter(entry -> entry.seq() <= afterSeq).toList(),
                    Integer.parseInt(id.substring(id.indexOf('.') + 1)) + 1);
        }
        StringBuilder text = new StringBuilder(new String(stream.opening(), StandardCharsets.UTF_8));
        for (Entry entry : run) {
            if (entry.seq() > afterSeq) {
                text.append(new String(stream.event(EPOCH, entry), StandardCharsets.UTF_8));
            }
        }
        assertThat(stream.complete()).isTrue();
        return text.toString();
    }

    private static List<String> data(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring(6))
                .toList();
    }

    private static List<String> ids(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("id: "))
                .map(line -> line.substring(4))
                .toList();
    }

    private static long seq(String id) {
        return Long.parseLong(id.substring(id.indexOf(':') + 1, id.indexOf('.')));
    }

    /** What was begun and not ended, by a reading that shares nothing with the code. */
    private static Set<String> openAfter(List<String> events) {
        Set<String> open = new LinkedHashSet<>();
        for (String event : events) {
            if (event.contains("_START\"") && !event.contains("RUN_STARTED")) {
                open.add(event);
            } else if (event.contains("_END\"")) {
                String beginning = event.substring(0, event.length() - 1).replace("_END\"", "_START\"");
                open.removeIf(opener -> opener.startsWith(beginning));
            }
        }
        return open;
    }

    private static List<Entry> run(Random random) {
        List<Entry> run = new ArrayList<>();
        add(run, EventType.AGENT_STARTED, Map.of("agent", "a"));
        int calls = 0;
        for (int i = random.nextInt(9); i > 0; i--) {
            switch (random.nextInt(5)) {
                case 0 -> add(run, EventType.AGENT_THINKING, Map.of("text", "hm"));
                case 1 ->
                    add(
                            run,
                            EventType.TOOL_EXECUTING,
                            Map.of("tool_call_id", "c" + calls++, "tool_name", "n", "arguments", Map.of("a", 1)));
                case 2 -> add(run, EventType.CUSTOM, Map.of("name", "x", "value", 1));
                default -> add(run, EventType.AGENT_RESPONSE_CHUNK, Map.of("text", "w" + i));
            }
        }
        add(
                run,
                random.nextBoolean() ? EventType.AGENT_COMPLETED : EventType.AGENT_ERROR,
                Map.of("text", "", "code", "agent_failed", "message", "m"));
        return run;
    }

    private static void add(List<Entry> run, EventType type, Map<String, ?> payload) {
        long seq = run.size() + 2L;
        run.add(new Entry(seq, type, "r", EventEncoder.encode(type, "t", seq, 0, "r", Json.write(payload))));
    }
}
