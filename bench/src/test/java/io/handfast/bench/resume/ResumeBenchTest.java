package io.handfast.bench.resume;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.report.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest run, with real processes and real sockets: every connection gets all that it missed, in order, or this fails. */
class ResumeBenchTest {
    @TempDir
    private Path directory;

    @Test
    void connections_that_come_back_get_what_they_missed_from_memory_and_from_disk() throws Exception {
        Table table = ResumeBench.run(new ResumePlan(directory, 20, 5, 4, 1, "process"), new ArrayList<String>()::add);

        assertThat(table.rows())
                .hasSize(2)
                .allSatisfy(
                        row -> assertThat((Double) row.get(3)).as("events/s").isPositive());
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
