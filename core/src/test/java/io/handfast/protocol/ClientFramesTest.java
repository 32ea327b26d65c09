package io.handfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ClientFramesTest {

    @TestFactory
    Stream<DynamicTest> reads_or_refuses_every_vector_as_it_says() {
        return Vectors.of("client-frames.json").stream()
                .map(vector -> DynamicTest.dynamicTest(String.valueOf(vector.get("name")), () -> {
                    Incoming incoming =
                            ClientFrames.read(String.valueOf(vector.get("text")).getBytes(UTF_8));
                    if (vector.get("error") instanceof Map<?, ?> error) {
                        assertThat(incoming).isInstanceOf(Refusal.class);
                        Map<String, @Nullable Object> actual = fields(incoming);
                        if (!error.containsKey("message")) {
                            assertThat(actual.remove("message")).asString().startsWith("not JSON: ");
                        }
                        assertThat(actual).isEqualTo(error);
                    } else {
                        assertThat(fields(incoming)).isEqualTo(vector.get("frame"));
                    }
                }));
    }

    @Test
    void accepts_text_of_256_kibibytes_of_utf8_and_refuses_one_byte_more() {
        String most = "ä".repeat(128 * 1024 - 2) + "👋";
        assertThat(ClientFrames.read(userMessage(most))).isInstanceOf(ClientFrame.UserMessage.class);
        assertThat(ClientFrames.read(userMessage(most + "a")))
                .isEqualTo(new Refusal(
                        ErrorCode.TOO_LARGE,
                        "text has 262145 bytes of UTF-8; at most 262144 are allowed",
                        "user_message",
                        "m-1",
                        "t-1"));
    }

    @Test
    void reads_the_fields_of_a_posted_message_by_the_same_rules() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("thread_id", "t-1");
        fields.put("message_id", "m-1");
        assertThat(ClientFrames.userMessage(fields))
                .isEqualTo(Outcome.refused(
                        ErrorCode.INVALID_FIELD,
                        "text must be a string of at most 262144 bytes of UTF-8; it may be empty"));
        fields.put("text", "hi");
        assertThat(ClientFrames.userMessage(fields))
                .isEqualTo(Outcome.done(new ClientFrame.UserMessage("t-1", "m-1", "hi", null, null)));
    }

    @Test
    void reads_any_mutilated_frame_without_throwing() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Object[] texts = Vectors.of("client-frames.json").stream()
                .map(vector -> vector.get("text"))
                .toArray();
        for (int i = 0; i < 5_000; i++) {
            byte[] frame = String.valueOf(texts[random.nextInt(texts.length)]).getBytes(UTF_8);
            for (int hits = random.nextInt(4); hits >= 0 && frame.length > 0; hits--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
            }
            try {
                Incoming incoming = ClientFrames.read(frame);
                if (incoming instanceof Refusal refusal) {
                    Json.read(ServerFrames.error(refusal));
                }
            } catch (Exception e) {
                throw new AssertionError("seed " + seed + ", frame " + new String(frame, UTF_8), e);
            }
        }
    }

    private static byte[] userMessage(String text) {
        return Json.write(Map.of("type", "user_message", "thread_id", "t-1", "message_id", "m-1", "text", text));
    }

    /** A frame or refusal in the form of the vectors. */
    private static Map<String, @Nullable Object> fields(Incoming incoming) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        if (incoming instanceof Refusal refusal) {
            fields.put("code", refusal.code().wireName());
            fields.put("message", refusal.message());
            fields.put("request", refusal.request());
            fields.put("message_id", refusal.messageId());
            fields.put("thread_id", refusal.threadId());
        } else if (incoming instanceof ClientFrame.HandshakeAck ack) {
            fields.put("type", "handshake_ack");
            fields.put("validation_id", ack.validationId());
        } else if (incoming instanceof ClientFrame.Subscribe subscribe) {
            fields.put("type", "subscribe");
            fields.put("thread_id", subscribe.threadId());
            fields.put("after_seq", subscribe.latest() ? "latest" : subscribe.afterSeq());
            fields.put("epoch", subscribe.epoch());
        } else if (incoming instanceof ClientFrame.Unsubscribe unsubscribe) {
            fields.put("type", "unsubscribe");
            fields.put("thread_id", unsubscribe.threadId());
        } else if (incoming instanceof ClientFrame.UserMessage message) {
            fields.put("type", "user_message");
            fields.put("thread_id", message.threadId());
            fields.put("message_id", message.messageId());
            fields.put("text", message.text());
            fields.put("agent", message.agent());
            fields.put("options", message.options() == null ? null : new String(message.options(), UTF_8));
        } else if (incoming instanceof ClientFrame.CancelRun cancel) {
            fields.put("type", "cancel_run");
            fields.put("thread_id", cancel.threadId());
            fields.put("run_id", cancel.runId());
            fields.put("message_id", cancel.messageId());
        } else if (incoming instanceof ClientFrame.Ack ack) {
            fields.put("type", "ack");
            fields.put("thread_id", ack.threadId());
            fields.put("seq", ack.seq());
        } else {
            fields.put("type", incoming instanceof ClientFrame.Heartbeat ? "heartbeat" : "heartbeat_ack");
        }
        fields.values().removeIf(value -> value == null);
        return fields;
    }
}
