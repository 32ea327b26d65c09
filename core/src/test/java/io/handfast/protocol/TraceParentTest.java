package io.handfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TraceParentTest {
    private static final String LEGAL = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void a_legal_value_is_passed_on_also_one_of_a_later_version() {
        assertThat(TraceParent.of(List.of(LEGAL))).isEqualTo(LEGAL);
        assertThat(TraceParent.of(List.of(" " + LEGAL + " "))).isEqualTo(LEGAL);
        String later = "cc" + LEGAL.substring(2) + "-what-will-come";
        assertThat(TraceParent.of(List.of(later))).isEqualTo(later);
    }

    @Test
    void none_several_and_malformed_ones_are_ignored() {
        assertThat(TraceParent.of(List.of())).isNull();
        assertThat(TraceParent.of(List.of(LEGAL, LEGAL))).isNull();
        for (String malformed : List.of(
                "",
                LEGAL.toUpperCase(java.util.Locale.ROOT),
                LEGAL + "-more",
                LEGAL + "0",
                "ff" + LEGAL.substring(2),
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                LEGAL + "\r\nx: y",
                "cc" + LEGAL.substring(2) + "-a\nb")) {
            assertThat(TraceParent.of(List.of(malformed))).as(malformed).isNull();
        }
    }
}
