package io.handfast.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.WriteBatch;

/** The form of the engine's own batches, held against what the engine makes of the same calls. */
class RowsTest {
    @TempDir
    private Path directory;

    private static byte[] bytes(Random random, int max) {
        byte[] bytes = new byte[1 + random.nextInt(max)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void the_engine_would_have_written_the_same_bytes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Rows rows = new Rows();
        try (Engine engine = Engine.open(directory, Durability.PROCESS)) {
            for (int round = 0; round < 20; round++) {
                rows.clear();
                try (WriteBatch expected = new WriteBatch()) {
                    for (int i = random.nextInt(200); i > 0; i--) {
                        ColumnFamilyHandle family = random.nextBoolean() ? engine.records() : engine.events();
                        byte[] key = bytes(random, 300);
                        byte[] value = bytes(random, 20_000);
                        switch (random.nextInt(3)) {
                            case 0 -> {
                                expected.put(family, key, value);
                                rows.put(family.getID(), key, value);
                            }
                            case 1 -> {
                                expected.delete(family, key);
                                rows.delete(family.getID(), key);
                            }
                            default -> {
                                expected.deleteRange(family, key, value);
                                rows.deleteRange(family.getID(), key, value);
                            }
                        }
                    }
                    try (WriteBatch made = rows.toBatch()) {
                        assertThat(made.data()).as("seed %d", seed).isEqualTo(expected.data());
                        assertThat(made.count()).isEqualTo(expected.count());
                    }
                }
            }
        }
    }

    @Test
    void a_key_that_the_caller_writes_is_the_same_row() throws Exception {
        byte[] key = "inc".getBytes(StandardCharsets.US_ASCII);
        Rows rows = new Rows();
        rows.put(1, key.length).id("inc").blob(new byte[] {7});
        Rows whole = new Rows();
        whole.put(1, key, new byte[] {7});
        try (Engine engine = Engine.open(directory, Durability.PROCESS);
                WriteBatch one = rows.toBatch();
                WriteBatch other = whole.toBatch()) {
            assertThat(one.data()).isEqualTo(other.data());
            engine.write(one);
            assertThat(engine.db().get(engine.events(), key)).containsExactly(7);
        }
    }
}
