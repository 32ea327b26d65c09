package io.handfast.netty.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8CheckTest {
    private static boolean valid(byte[] bytes, int cut) {
        Utf8Check check = new Utf8Check();
        return check.accepts(bytes, 0, cut) && check.accepts(bytes, cut, bytes.length - cut) && check.finish();
    }

    private static boolean validForTheJdk(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Test
    void every_sequence_of_two_bytes_is_judged_as_the_jdk_does() {
        for (int i = 0; i < 0x1_0000; i++) {
            byte[] bytes = {(byte) (i >>> 8), (byte) i};
            assertThat(valid(bytes, i & 1)).as("%04X", i).isEqualTo(validForTheJdk(bytes));
        }
    }

    @Test
    void random_text_with_random_damage_is_judged_as_the_jdk_does() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder("a".repeat(random.nextInt(20)));
            random.ints(4, 0, 0x11_0000).filter(c -> c < 0xD800 || c > 0xDFFF).forEach(text::appendCodePoint);
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int cut = random.nextInt(bytes.length + 1);
            assertThat(valid(bytes, cut))
                    .as("seed %d: %s cut at %d", seed, Arrays.toString(bytes), cut)
                    .isEqualTo(validForTheJdk(bytes));
        }
    }
}
