package io.handfast.bench.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoalescingBenchTest {

    @Test
    void a_small_run_counts_a_frame_for_each_event_without_coalescing_and_a_few_with_it() throws Exception {
        List<String> told = new ArrayList<>();

        Table table =
                CoalescingBench.run(new CoalescingPlan(300, 2, 1), told::add).get(0);

        assertThat(told).hasSize(4);
        // connection_ready, subscribed, and the six events beside the words
        assertThat(table.rows().get(0).subList(0, 2)).containsExactly("off", 308.0);
        assertThat((double) table.rows().get(1).get(1)).isLessThan(15);
    }

    @Test
    void a_plan_that_is_too_large_is_refused_with_what_is_allowed() {
        assertThatThrownBy(() -> new CoalescingPlan(50_001, 1, 1)).hasMessage("words is 50001; allowed: 1 to 50000");
    }
}
