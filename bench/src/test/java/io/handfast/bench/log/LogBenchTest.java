package io.handfast.bench.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.report.Table;
import io.handfast.rocksdb.Durability;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest run of every part: that it measures something, not what. */
class LogBenchTest {
    @TempDir
    private Path directory;

    @Test
    void every_part_gives_its_rows_and_leaves_nothing_behind() throws Exception {
        LogPlan plan = new LogPlan(
                directory,
                EnumSet.allOf(LogPart.class),
                List.of(Durability.values()),
                List.of(3),
                Duration.ofMillis(20),
                1,
                5,
                60);
        List<String> progress = new ArrayList<>();

        List<Table> tables = LogBench.run(plan, progress::add);

        assertThat(tables.stream().map(table -> table.rows().size())).containsExactly(3, 4, 2, 1);
        assertThat(tables.stream().flatMap(table -> table.rows().stream()))
                .allSatisfy(row -> assertThat(row.stream().filter(Number.class::isInstance))
                        .first()
                        .satisfies(figure -> assertThat(((Number) figure).doubleValue())
                                .isPositive()
                                .isFinite()));
        assertThat(progress).contains("writing what is read");
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}
