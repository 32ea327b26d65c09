package io.handfast.netty;

import static io.handfast.netty.frame.ClientFrameBytes.BINARY;
import static io.handfast.netty.frame.ClientFrameBytes.CLOSE;
import static io.handfast.netty.frame.ClientFrameBytes.CONTINUATION;
import static io.handfast.netty.frame.ClientFrameBytes.FIN;
import static io.handfast.netty.frame.ClientFrameBytes.PING;
import static io.handfast.netty.frame.ClientFrameBytes.TEXT;
import static io.handfast.netty.frame.ClientFrameBytes.bytes;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static io.handfast.netty.frame.ClientFrameBytes.frame;
import static io.handfast.netty.frame.ClientFrameBytes.header;
import static io.handfast.netty.frame.ClientFrameBytes.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What clients do wrong on an open connection: each gets its code, and others are not disturbed. */
@ExtendWith(LeakWatch.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadFramesTest {
    private static final int MAX = 100_000;

    /** More patient with a Close of the peer than any test here. */
    private static final Duration PATIENT = Duration.ofMinutes(5);

    private final TestGateway gateway =
            new TestGateway.Wishes().maxMessageBytes(MAX).closingWithin(PATIENT).start();
    private final RawClient bystander = gateway.client().open("/v1/ws");
    private RawClient client = bystander;

    @BeforeEach
    void open() {
        client = gateway.client().open("/v1/ws");
    }

    @AfterEach
    void the_bystander_is_not_disturbed() {
        client.close();
        bystander.text("{\"type\":\"heartbeat\"}").await("heartbeat_ack");
    }

    @AfterAll
    void stop() {
        bystander.close();
        gateway.close();
    }

    private void closedWith(int code, byte[]... sent) {
        client.send(join(sent));
        assertThat(client.closeCode()).isEqualTo(code);
        assertThat(client.ends()).isTrue();
    }

    /** The answer is an error, and the connection goes on. */
    private Map<String, Object> refused(String json, String code) {
        Map<String, Object> error = client.text(json).await("error");
        assertThat(error).containsEntry("code", code);
        client.text("{\"type\":\"heartbeat\"}").await("heartbeat_ack");
        return error;
    }

    @Test
    void binary_is_1003() {
        closedWith(1003, frame(FIN | BINARY, new byte[3]));
    }

    @Test
    void an_unmasked_frame_is_1002() {
        closedWith(1002, bytes(0x81, 0x02, '{', '}'));
    }

    @Test
    void a_reserved_bit_is_1002() {
        closedWith(1002, frame(FIN | 0x40 | TEXT, new byte[3]));
    }

    @Test
    void a_reserved_opcode_is_1002() {
        closedWith(1002, frame(FIN | 0x3, new byte[3]));
    }

    @Test
    void a_long_control_frame_is_1002() {
        closedWith(1002, header(FIN | PING, 200));
    }

    @Test
    void a_fragmented_control_frame_is_1002() {
        closedWith(1002, frame(PING, new byte[0]));
    }

    @Test
    void a_continuation_of_nothing_is_1002() {
        closedWith(1002, frame(FIN | CONTINUATION, new byte[1]));
    }

    @Test
    void invalid_utf8_is_1007_although_the_frame_is_not_complete() {
        byte[] whole = frame(FIN | TEXT, bytes('{', 0xFF, ' ', ' ', ' ', ' '));
        client.send(Arrays.copyOf(whole, whole.length - 2));
        assertThat(client.closeCode()).isEqualTo(1007);
    }

    @Test
    void a_message_over_the_limit_is_1009_before_it_comes() {
        client.send(header(FIN | TEXT, MAX + 1));
        assertThat(client.closeCode()).isEqualTo(1009);
    }

    @Test
    void a_message_over_the_limit_that_is_sent_all_the_same_still_gets_its_1009() {
        closedWith(1009, frame(FIN | TEXT, new byte[MAX * 3]));
    }

    @Test
    void fragments_over_the_limit_are_1009() {
        byte[] half = " ".repeat(MAX / 2 + 1).getBytes(UTF_8);
        closedWith(1009, frame(TEXT, half), frame(FIN | CONTINUATION, half));
    }

    @Test
    void a_close_with_half_a_code_is_1002() {
        closedWith(1002, frame(FIN | CLOSE, new byte[1]));
    }

    @Test
    void a_close_with_a_code_that_must_not_be_sent_is_1002() {
        closedWith(1002, close(1006, ""));
    }

    @Test
    void a_close_with_a_reason_that_is_not_utf8_is_1007() {
        closedWith(1007, frame(FIN | CLOSE, bytes(0x03, 0xE8, 0xC0)));
    }

    @Test
    void malformed_json_is_an_error() {
        refused("{\"type\":", "bad_json");
        refused("[]", "bad_json");
        refused("", "bad_json");
        refused("{\"no\":\"type\"}", "bad_json");
        refused("{\"type\":7}", "bad_json");
    }

    @Test
    void deep_nesting_is_an_error() {
        refused("{\"type\":\"heartbeat\",\"x\":" + "[".repeat(40_000) + "]".repeat(40_000) + "}", "bad_json");
    }

    @Test
    void an_unknown_type_is_an_error() {
        assertThat(refused("{\"type\":\"nonsense\"}", "unknown_type")).containsEntry("request", "nonsense");
    }

    @Test
    void wrong_and_missing_fields_are_named() {
        assertThat(refused("{\"type\":\"subscribe\"}", "invalid_field").get("message"))
                .asString()
                .contains("thread_id");
        refused("{\"type\":\"subscribe\",\"thread_id\":7}", "invalid_field");
        refused("{\"type\":\"subscribe\",\"thread_id\":\"a/b\"}", "invalid_field");
        assertThat(refused("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":-1}", "invalid_field")
                        .get("message"))
                .asString()
                .contains("after_seq");
        refused("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":1e400}", "invalid_field");
        refused("{\"type\":\"subscribe\",\"thread_id\":\"t\",\"after_seq\":99999999999999999999}", "invalid_field");
    }

    @Test
    void fragments_with_a_ping_between_them_are_one_message() {
        byte[] message = "{\"type\":\"heartbeat\"}".getBytes(UTF_8);
        client.send(join(
                frame(TEXT, Arrays.copyOf(message, 5)),
                frame(FIN | PING, new byte[0]),
                frame(FIN | CONTINUATION, Arrays.copyOfRange(message, 5, message.length))));
        client.await("heartbeat_ack");
    }

    @Test
    void a_text_over_its_limit_is_an_error() {
        TestGateway large = TestGateway.start();
        try (RawClient writer = large.client().open("/v1/ws")) {
            writer.text("{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"m\",\"text\":\""
                    + "x".repeat(256 * 1024 + 1) + "\"}");
            assertThat(writer.await("error")).containsEntry("code", "too_large").containsEntry("message_id", "m");
        } finally {
            large.close();
        }
    }
}
