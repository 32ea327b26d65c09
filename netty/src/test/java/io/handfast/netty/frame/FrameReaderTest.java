package io.handfast.netty.frame;

import static io.handfast.netty.frame.ClientFrameBytes.BINARY;
import static io.handfast.netty.frame.ClientFrameBytes.CLOSE;
import static io.handfast.netty.frame.ClientFrameBytes.CONTINUATION;
import static io.handfast.netty.frame.ClientFrameBytes.FIN;
import static io.handfast.netty.frame.ClientFrameBytes.PING;
import static io.handfast.netty.frame.ClientFrameBytes.PONG;
import static io.handfast.netty.frame.ClientFrameBytes.TEXT;
import static io.handfast.netty.frame.ClientFrameBytes.bytes;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static io.handfast.netty.frame.ClientFrameBytes.frame;
import static io.handfast.netty.frame.ClientFrameBytes.header;
import static io.handfast.netty.frame.ClientFrameBytes.join;
import static io.handfast.netty.frame.ClientFrameBytes.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private static final int MAX = 1000;

    /** Writes down what is found, one string for each call. */
    private static final class Recorder implements FrameSink {
        private final List<String> found = new ArrayList<>();

        @Override
        public void text(byte[] message, boolean early) {
            found.add((early ? "early " : "text ") + new String(message, UTF_8));
        }

        @Override
        public void ping(byte[] payload) {
            found.add("ping " + new String(payload, UTF_8));
        }

        @Override
        public void pong(byte[] payload) {
            found.add("pong " + new String(payload, UTF_8));
        }

        @Override
        public void close(int code, String reason) {
            found.add("close " + code + " " + reason);
        }

        @Override
        public void violation(CloseCode code, String detail) {
            found.add("violation " + code.code());
        }
    }

    private final Recorder recorder = new Recorder();
    private final FrameReader reader = new FrameReader(MAX, recorder);

    private void feed(byte[] bytes) {
        feed(bytes, false);
    }

    private void feed(byte[] bytes, boolean early) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        while (in.isReadable()) {
            reader.read(in, early);
        }
    }

    private List<String> found(byte[]... parts) {
        feed(join(parts));
        return recorder.found;
    }

    @Test
    void a_text_arrives_whole() {
        assertThat(found(text("héllo"))).containsExactly("text héllo");
    }

    @Test
    void an_empty_text_arrives() {
        assertThat(found(text(""))).containsExactly("text ");
    }

    @Test
    void one_call_reads_one_frame_and_leaves_the_rest() {
        ByteBuf in = Unpooled.wrappedBuffer(text("a"), text("b"));
        reader.read(in, false);
        assertThat(recorder.found).containsExactly("text a");
        assertThat(in.readableBytes()).isEqualTo(text("b").length);
    }

    @Test
    void lengths_around_the_limits_of_their_forms_arrive() {
        FrameReader large = new FrameReader(70_000, recorder);
        for (int length : new int[] {125, 126, 127, 65_535, 65_536}) {
            recorder.found.clear();
            String payload = "x".repeat(length);
            large.read(Unpooled.wrappedBuffer(text(payload)), false);
            assertThat(recorder.found).containsExactly("text " + payload);
        }
    }

    @Test
    void fragments_are_joined_and_control_frames_come_between_them() {
        assertThat(found(
                        frame(TEXT, "a".getBytes(UTF_8)),
                        frame(FIN | PING, "p".getBytes(UTF_8)),
                        frame(CONTINUATION, new byte[0]),
                        frame(FIN | PONG, new byte[0]),
                        frame(FIN | CONTINUATION, "b".getBytes(UTF_8))))
                .containsExactly("ping p", "pong ", "text ab");
    }

    @Test
    void a_character_may_be_split_between_fragments() {
        byte[] euro = "€".getBytes(UTF_8);
        assertThat(found(
                        frame(TEXT, Arrays.copyOf(euro, 1)), frame(FIN | CONTINUATION, Arrays.copyOfRange(euro, 1, 3))))
                .containsExactly("text €");
    }

    @Test
    void a_message_is_early_when_its_first_byte_was() {
        byte[] frames = join(text("one"), text("two"), text("three"));
        int inTwo = text("one").length + 1;
        feed(Arrays.copyOf(frames, inTwo), true);
        feed(Arrays.copyOfRange(frames, inTwo, frames.length), false);
        assertThat(recorder.found).containsExactly("early one", "early two", "text three");
    }

    @Test
    void unmasked_frames_are_1002() {
        assertThat(found(bytes(0x81, 0x01, 'a'))).containsExactly("violation 1002");
    }

    @Test
    void each_reserved_bit_is_1002_with_the_first_byte() {
        for (int bit : new int[] {0x40, 0x20, 0x10}) {
            Recorder own = new Recorder();
            new FrameReader(MAX, own).read(Unpooled.wrappedBuffer(bytes(FIN | bit | TEXT)), false);
            assertThat(own.found).containsExactly("violation 1002");
        }
    }

    @Test
    void reserved_opcodes_are_1002() {
        for (int opcode : new int[] {3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF}) {
            Recorder own = new Recorder();
            new FrameReader(MAX, own).read(Unpooled.wrappedBuffer(bytes(FIN | opcode)), false);
            assertThat(own.found).containsExactly("violation 1002");
        }
    }

    @Test
    void a_fragmented_control_frame_is_1002() {
        assertThat(found(frame(PING, new byte[0]))).containsExactly("violation 1002");
    }

    @Test
    void a_long_control_frame_is_1002() {
        assertThat(found(header(FIN | PING, 126))).containsExactly("violation 1002");
    }

    @Test
    void a_continuation_of_nothing_is_1002() {
        assertThat(found(frame(FIN | CONTINUATION, new byte[1]))).containsExactly("violation 1002");
    }

    @Test
    void a_continuation_behind_a_whole_message_is_1002() {
        assertThat(found(text("a"), frame(FIN | CONTINUATION, new byte[1])))
                .containsExactly("text a", "violation 1002");
    }

    @Test
    void a_new_message_within_another_is_1002() {
        assertThat(found(frame(TEXT, new byte[0]), text("b"))).containsExactly("violation 1002");
    }

    @Test
    void a_length_in_more_bytes_than_needed_is_1002() {
        assertThat(found(bytes(0x81, 0xFE, 0, 125))).containsExactly("violation 1002");
    }

    @Test
    void a_long_length_in_more_bytes_than_needed_is_1002() {
        assertThat(found(bytes(0x81, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF))).containsExactly("violation 1002");
    }

    @Test
    void a_negative_length_is_1002() {
        assertThat(found(bytes(0x81, 0xFF, 0x80))).containsExactly("violation 1002");
    }

    @Test
    void binary_is_1003_before_its_payload() {
        assertThat(found(Arrays.copyOf(header(FIN | BINARY, 5), 2))).containsExactly("violation 1003");
    }

    @Test
    void a_message_over_the_limit_is_1009_before_its_payload() {
        assertThat(found(Arrays.copyOf(header(FIN | TEXT, MAX + 1), 4))).containsExactly("violation 1009");
    }

    @Test
    void a_length_beyond_an_int_is_1009() {
        assertThat(found(header(FIN | TEXT, 1L << 40))).containsExactly("violation 1009");
    }

    @Test
    void a_message_of_exactly_the_limit_arrives() {
        assertThat(found(text("x".repeat(MAX)))).hasSize(1).first().asString().startsWith("text x");
    }

    @Test
    void fragments_over_the_limit_together_are_1009() {
        assertThat(found(frame(TEXT, new byte[MAX]), header(FIN | CONTINUATION, 1)))
                .containsExactly("violation 1009");
    }

    @Test
    void invalid_utf8_is_1007_before_the_frame_is_complete() {
        byte[] frame = frame(FIN | TEXT, bytes('o', 'k', 0xC0, 'x', 'x', 'x'));
        assertThat(found(Arrays.copyOf(frame, frame.length - 3))).containsExactly("violation 1007");
    }

    @Test
    void text_that_ends_within_a_character_is_1007() {
        assertThat(found(frame(FIN | TEXT, bytes(0xE2, 0x82)))).containsExactly("violation 1007");
    }

    @Test
    void nothing_is_read_behind_a_violation() {
        assertThat(found(bytes(0x81, 0x01, 'a'), text("b"), close(1000, ""))).containsExactly("violation 1002");
    }

    @Test
    void a_close_arrives_with_code_and_reason_and_nothing_behind_it() {
        assertThat(found(close(1000, "bye"), text("b"))).containsExactly("close 1000 bye");
    }

    @Test
    void a_close_without_code_is_1005() {
        assertThat(found(frame(FIN | CLOSE, new byte[0]))).containsExactly("close 1005 ");
    }

    @Test
    void a_close_with_half_a_code_is_1002() {
        assertThat(found(frame(FIN | CLOSE, new byte[1]))).containsExactly("violation 1002");
    }

    @Test
    void close_codes_that_must_not_be_sent_are_1002() {
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535}) {
            Recorder own = new Recorder();
            new FrameReader(MAX, own).read(Unpooled.wrappedBuffer(close(code, "")), false);
            assertThat(own.found).as("code %d", code).containsExactly("violation 1002");
        }
    }

    @Test
    void close_codes_that_may_be_sent_arrive() {
        for (int code : new int[] {1000, 1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3000, 4000, 4999}) {
            Recorder own = new Recorder();
            new FrameReader(MAX, own).read(Unpooled.wrappedBuffer(close(code, "")), false);
            assertThat(own.found).containsExactly("close " + code + " ");
        }
    }

    @Test
    void a_close_reason_that_is_not_utf8_is_1007() {
        assertThat(found(frame(FIN | CLOSE, bytes(0x03, 0xE8, 0xFF)))).containsExactly("violation 1007");
    }

    @Test
    void any_cut_of_the_stream_reads_the_same() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] stream = stream(random);
            List<String> whole = readInPieces(stream, new int[] {stream.length});
            int[] cuts = random.ints(1 + random.nextInt(20), 1, 40).toArray();
            assertThat(readInPieces(stream, cuts))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(whole);
        }
    }

    /** Frames of which most are right, with a few bits turned now and then. */
    private static byte[] stream(Random random) {
        byte[][] frames = new byte[1 + random.nextInt(6)][];
        boolean open = false;
        for (int i = 0; i < frames.length; i++) {
            byte[] payload = "aé€😀".repeat(random.nextInt(30)).getBytes(UTF_8);
            if (random.nextInt(4) == 0) {
                frames[i] = frame(FIN | PING, Arrays.copyOf(payload, Math.min(payload.length, 125)));
            } else {
                boolean fin = random.nextBoolean();
                frames[i] = frame((fin ? FIN : 0) | (open ? CONTINUATION : TEXT), payload);
                open = !fin;
            }
        }
        byte[] stream = join(frames);
        if (random.nextInt(3) == 0) {
            stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return stream;
    }

    private static List<String> readInPieces(byte[] stream, int[] lengths) {
        Recorder own = new Recorder();
        FrameReader reader = new FrameReader(MAX, own);
        for (int from = 0, piece = 0; from < stream.length; piece++) {
            int to = Math.min(stream.length, from + lengths[piece % lengths.length]);
            ByteBuf in = Unpooled.wrappedBuffer(stream, from, to - from);
            while (in.isReadable()) {
                reader.read(in, false);
            }
            from = to;
        }
        return own.found;
    }
}
