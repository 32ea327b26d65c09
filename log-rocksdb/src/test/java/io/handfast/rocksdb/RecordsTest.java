package io.handfast.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.log.Producer;
import io.handfast.log.RunState;
import io.handfast.log.StoreException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
    @Test
    void a_run_fed_from_outside_is_read_as_it_was_written() throws Exception {
        Producer producer = new Producer("svc", 17, 1_234_567, 60_000_000, 5_000_000, 99, 100, new byte[] {1, 2});
        RunState run = new RunState(
                "t", "i", "r", "ann", "bot", null, null, 7, 8, true, false, Map.of(), Set.of("c"), producer);

        assertThat(Records.run("r", Records.of(run))).usingRecursiveComparison().isEqualTo(run);
    }

    @Test
    void a_run_of_the_first_form_is_read_as_one_that_nobody_feeds_from_outside() throws Exception {
        byte[] first = new RecordWriter()
                .octet(1)
                .text("t")
                .text("i")
                .text("ann")
                .text("echo")
                .optional("m")
                .optional((byte[]) null)
                .number(7)
                .number(8)
                .octet(1)
                .octet(0)
                .number(0)
                .number(0)
                .toBytes();

        assertThat(Records.run("r", first))
                .isEqualTo(new RunState(
                        "t", "i", "r", "ann", "echo", "m", null, 7, 8, true, false, Map.of(), Set.of(), null));
    }

    @Test
    void a_form_of_a_newer_server_is_refused_with_both_numbers() {
        assertThatThrownBy(() -> Records.run("r", new byte[] {3}))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("its form is 3; this server reads 1 to 2");
    }
}
