package io.handfast.agents.agui;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agents.upstream.EventRecorder;
import io.handfast.agents.upstream.FakeUpstream;
import io.handfast.agents.upstream.Question;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever an upstream does, what the agent emits is a legal run: {@link EventRecorder} checks each event. */
@Timeout(300)
final class AnyUpstreamTest {
    private static final String[] IDS = {"a", "b", "c d", "", "x".repeat(200), "..", "call-1"};
    private static final String[] TEXTS = {"", "{", "{}", "[1]", "{\\\"k\\\":1}", "grüße", "👋🏽", "\\ud83d", "null"};
    private static final int ROUNDS = 150;

    @Test
    void a_stream_of_any_events_is_a_legal_run() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            long roundSeed = random.nextLong();
            try (FakeUpstream upstream =
                    FakeUpstream.answering(exchange -> misbehave(exchange, new Random(roundSeed)))) {
                HttpAgent agent = HttpAgent.create(HttpAgentConfig.ofDefaults("any", upstream.uri("/")), Map.of());
                List<String> lines = new EventRecorder().run(agent, Question.of("go"));
                assertThat(lines.get(lines.size() - 1))
                        .as("seed %d, round %d", seed, round)
                        .matches("(?s)(completed|cancelled by agent|error upstream_(error|truncated).*)");
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round + ", round seed " + roundSeed, e);
            }
        }
    }

    private static void misbehave(FakeUpstream.Exchange exchange, Random random) throws IOException {
        exchange.stream();
        boolean tame = random.nextBoolean(); // wild streams soon end at their first malformed event
        for (int i = random.nextInt(25); i > 0; i--) {
            byte[] bytes = (tame ? tamePiece(random) : piece(random)).getBytes(StandardCharsets.UTF_8);
            int cut = random.nextInt(bytes.length + 1);
            if (!tame && random.nextInt(40) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            exchange.write(Arrays.copyOfRange(bytes, 0, cut));
            exchange.write(Arrays.copyOfRange(bytes, cut, bytes.length));
        }
        if (random.nextInt(5) == 0) {
            exchange.reset();
        }
    }

    private static String piece(Random random) {
        if (random.nextInt(20) == 0) {
            return ": comment\r\n";
        }
        String end = random.nextInt(40) == 0 ? "\n" : "\r\n\r\n";
        return "data: {\"type\":\"" + type(random) + "\"" + field(random, "messageId", IDS)
                + field(random, "toolCallId", IDS) + field(random, "toolCallName", TEXTS)
                + field(random, "delta", TEXTS) + field(random, "content", TEXTS) + field(random, "stepName", TEXTS)
                + ",\"threadId\":\"t\",\"runId\":\"r\",\"message\":\"m\",\"name\":\"n\",\"value\":1"
                + (random.nextInt(3) == 0 ? ",\"outcome\":{\"type\":\"success\",\"pendingToolCallIds\":[\"q\"]}" : "")
                + "}" + end;
    }

    /** Well-formed, and about few things, so that streams get far and their events meet. */
    private static String tamePiece(Random random) {
        String id = random.nextBoolean() ? "a" : "b c";
        String event = switch (random.nextInt(8)) {
            case 0, 1 -> "TOOL_CALL_CHUNK\",\"toolCallName\":\"get\",\"delta\":\"{}";
            case 2, 3, 4 -> "TOOL_CALL_RESULT\",\"messageId\":\"x\",\"content\":\"1";
            case 5 -> "TEXT_MESSAGE_CHUNK\",\"messageId\":\"m\",\"delta\":\"hi ";
            case 6 -> "CUSTOM\",\"name\":\"n\",\"value\":\"v";
            default -> random.nextInt(4) > 0 ? "STATE" : "RUN_FINISHED\",\"threadId\":\"t\",\"runId\":\"r";
        };
        return "data: {\"toolCallId\":\"" + id + "\",\"type\":\"" + event + "\"}\n\n";
    }

    private static String type(Random random) {
        AguiType[] types = AguiType.values();
        AguiType type = types[random.nextInt(types.length)];
        boolean rare = type == AguiType.RUN_FINISHED || type == AguiType.RUN_ERROR;
        return rare && random.nextInt(4) > 0 ? "UNKNOWN" : type.name();
    }

    private static String field(Random random, String name, String[] values) {
        if (random.nextInt(30) == 0) {
            return "";
        }
        return ",\"" + name + "\":\"" + values[random.nextInt(values.length)] + "\"";
    }
}
