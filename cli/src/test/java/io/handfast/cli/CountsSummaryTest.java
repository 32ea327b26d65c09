package io.handfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CountsSummaryTest {
    @Test
    void single_counts_stand_in_two_columns_and_groups_in_paragraphs() {
        Map<String, Long> counts = new TreeMap<>(
                Map.of("accepted", 7L, "commits", 5111L, "starts", 1L, "codes: 1001", 2L, "codes: 4000", 1234L));
        assertThat(CountsSummary.lines(counts))
                .containsExactly(
                        "         7  accepted         1  starts",
                        "     5,111  commits",
                        "  codes: 1001 x2, 4000 x1,234");
    }

    @Test
    void a_long_group_is_broken_between_its_members_and_no_name_is_cut() {
        Map<String, Long> counts = new TreeMap<>();
        String name = "a name of forty letters that is not cut ";
        for (int i = 0; i < 9; i++) {
            counts.put("edge: " + name + i, 1L);
        }
        assertThat(CountsSummary.lines(counts))
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(110).contains(name));
    }
}
