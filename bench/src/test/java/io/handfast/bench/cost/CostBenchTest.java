package io.handfast.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.bench.report.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest run, with a real process and real sockets: that it measures something, not what. */
class CostBenchTest {
    @TempDir
    private Path directory;

    @Test
    void it_counts_what_flows_what_is_opened_and_what_is_held() throws Exception {
        List<String> progress = new ArrayList<>();

        List<Table> tables =
                CostBench.run(new CostPlan(directory, "memory", 3, Duration.ofMillis(200), 1, 20, 30), progress::add);

        assertThat(tables.stream().map(table -> table.rows().size())).containsExactly(3, 1, 2);
        assertThat(tables.get(0).rows()).allSatisfy(row -> {
            assertThat((Double) row.get(1)).as("events/s").isPositive();
            assertThat((Double) row.get(2)).as("events/frame").isGreaterThanOrEqualTo(1);
        });
        assertThat((Double) tables.get(1).rows().get(0).get(1)).as("connects/s").isPositive();
        assertThat(tables.get(2).rows().get(1).get(3))
                .as("heap")
                .satisfies(bytes -> assertThat((Long) bytes).isPositive());
    }
}
