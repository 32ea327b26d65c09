package io.handfast.sim.edge.wire;

import static io.handfast.sim.edge.wire.Bytes.REQUEST;
import static io.handfast.sim.edge.wire.Bytes.SWITCHED;
import static io.handfast.sim.edge.wire.Bytes.ascii;
import static io.handfast.sim.edge.wire.Bytes.frame;
import static io.handfast.sim.edge.wire.Bytes.join;
import static io.handfast.sim.edge.wire.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ScannerTest {
    private static final class Seen implements Scanner.Sink {
        private final List<String> units = new ArrayList<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int open;

        @Override
        public void begin(Unit unit) {
            open++;
            if (unit instanceof Unit.Frame frame) {
                units.add(frame.opcode() + " " + frame.length() + " "
                        + new String(frame.payload(), java.nio.charset.StandardCharsets.ISO_8859_1));
            } else if (unit instanceof Unit.Request request) {
                units.add("request " + request.upgrade());
            } else if (unit instanceof Unit.Response response) {
                units.add("response " + response.status());
            } else {
                units.add("opaque");
            }
        }

        @Override
        public void bytes(byte[] source, int offset, int length) {
            assertThat(open).isEqualTo(1);
            bytes.write(source, offset, length);
        }

        @Override
        public void end() {
            open--;
        }
    }

    private static Seen scan(Side from, byte[] stream, long seed, int pieceMax) {
        SplittableRandom random = new SplittableRandom(seed);
        Scanner scanner = new Scanner(from);
        Seen seen = new Seen();
        int at = 0;
        while (at < stream.length) {
            int length = Math.min(stream.length - at, random.nextInt(1, pieceMax + 1));
            byte[] piece = java.util.Arrays.copyOfRange(stream, at, at + length);
            scanner.feed(piece, 0, length, seen);
            java.util.Arrays.fill(piece, (byte) 0);
            at += length;
        }
        scanner.giveUp(seen);
        return seen;
    }

    @Test
    void tells_heads_and_frames_apart_in_any_split() {
        byte[] fromServer = join(
                SWITCHED,
                frame(Side.SERVER, Opcode.PING, ascii("nonce")),
                text(Side.SERVER, "hi"),
                frame(Side.SERVER, Opcode.BINARY, new byte[300]),
                frame(Side.SERVER, Opcode.TEXT, new byte[70_000]),
                frame(Side.SERVER, Opcode.CLOSE, new byte[0]));
        byte[] fromClient = join(REQUEST, text(Side.CLIENT, "early"), frame(Side.CLIENT, Opcode.PONG, ascii("nonce")));
        for (long seed = 0; seed < 60; seed++) {
            int pieceMax = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 9 : 5000;
            Seen server = scan(Side.SERVER, fromServer, seed, pieceMax);
            assertThat(server.units)
                    .as("seed %d", seed)
                    .containsExactly(
                            "response 101", "ping 5 nonce", "text 2 ", "binary 300 ", "text 70000 ", "close 0 ");
            assertThat(server.bytes.toByteArray()).as("seed %d", seed).isEqualTo(fromServer);
            Seen client = scan(Side.CLIENT, fromClient, seed, pieceMax);
            assertThat(client.units).containsExactly("request true", "text 5 ", "pong 5 nonce");
            assertThat(client.bytes.toByteArray()).isEqualTo(fromClient);
        }
    }

    @Test
    void an_interim_response_is_not_the_answer_yet() {
        byte[] stream = join(ascii("HTTP/1.1 100 Continue\r\n\r\n"), SWITCHED, text(Side.SERVER, "x"));
        assertThat(scan(Side.SERVER, stream, 1, 10).units).containsExactly("response 100", "response 101", "text 1 ");
    }

    @Test
    void what_follows_another_answer_is_opaque() {
        byte[] stream = ascii("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Seen seen = scan(Side.SERVER, stream, 1, 10);
        assertThat(seen.units).containsExactly("response 200", "opaque");
        assertThat(seen.bytes.toByteArray()).isEqualTo(stream);
    }

    @Test
    void a_request_without_upgrade_is_told_apart_from_one_with() {
        assertThat(scan(Side.CLIENT, ascii("GET / HTTP/1.1\r\n\r\n"), 1, 10).units)
                .containsExactly("request false");
    }

    @Test
    void anything_passes_through_unchanged() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] noise = new byte[random.nextInt(1, 4000)];
            random.nextBytes(noise);
            byte[] stream = seed % 2 == 0 ? noise : join(SWITCHED, noise);
            Seen seen = scan(Side.SERVER, stream, seed, 700);
            assertThat(seen.bytes.toByteArray()).as("seed %d", seed).isEqualTo(stream);
        }
    }

    @Test
    void a_head_without_end_is_given_up_at_64_kib() {
        byte[] stream = join(ascii("GET / HTTP/1.1\r\nX: "), ascii("y".repeat(100_000)));
        Scanner scanner = new Scanner(Side.CLIENT);
        Seen seen = new Seen();
        scanner.feed(stream, 0, stream.length, seen);
        assertThat(seen.units).containsExactly("opaque");
        assertThat(seen.bytes.toByteArray()).isEqualTo(stream);
    }
}
