package io.handfast.netty.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final FrameWriter writer = new FrameWriter(allocator);

    private byte[] taken() {
        ByteBuf batch = Objects.requireNonNull(writer.take());
        byte[] bytes = ByteBufUtil.getBytes(batch);
        batch.release();
        return bytes;
    }

    @AfterEach
    void nothing_is_left_allocated() {
        assertThat(allocator.metric().usedDirectMemory()).isZero();
    }

    @Test
    void frames_of_one_turn_share_one_buffer() {
        writer.text("a".getBytes(UTF_8));
        writer.ping(new byte[] {1});
        writer.pong(new byte[0]);
        assertThat(writer.gatheredBytes()).isEqualTo(8);
        assertThat(taken()).containsExactly(0x81, 1, 'a', 0x89, 1, 1, 0x8A, 0);
    }

    @Test
    void nothing_gathered_is_nothing_taken() {
        assertThat(writer.take()).isNull();
        assertThat(writer.gatheredBytes()).isZero();
    }

    @Test
    void lengths_have_their_shortest_form() {
        writer.expect(3, 200_000);
        writer.text(new byte[125]);
        assertThat(taken()).startsWith(0x81, 125).hasSize(2 + 125);
        writer.text(new byte[126]);
        assertThat(taken()).startsWith(0x81, 126, 0, 126).hasSize(4 + 126);
        writer.text(new byte[65_535]);
        assertThat(taken()).startsWith(0x81, 126, 0xFF, 0xFF).hasSize(4 + 65_535);
        writer.text(new byte[65_536]);
        assertThat(taken()).startsWith(0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0).hasSize(10 + 65_536);
    }

    @Test
    void a_close_has_code_and_reason() {
        writer.close(1012, "ok");
        assertThat(taken()).containsExactly(0x88, 4, 0x03, 0xF4, 'o', 'k');
    }

    @Test
    void a_close_without_a_code_has_no_body() {
        writer.close(1005, "ignored");
        assertThat(taken()).containsExactly(0x88, 0);
    }

    @Test
    void a_long_reason_is_cut_between_characters() {
        writer.close(1000, "😀".repeat(40));
        byte[] frame = taken();
        assertThat((int) frame[1]).isEqualTo(2 + 30 * 4);
        assertThat(new String(frame, 4, frame.length - 4, UTF_8)).isEqualTo("😀".repeat(30));
    }
}
