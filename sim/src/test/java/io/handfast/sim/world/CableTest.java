package io.handfast.sim.world;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CableTest {
    @Test
    void what_an_edge_notes_is_counted_by_its_whole_sentence_without_numbers() {
        assertThat(Cable.kind("dropped the 101 from server")).isEqualTo("dropped the 101 from server");
        assertThat(Cable.kind("dropped text frame 3 from server")).isEqualTo("dropped text frame from server");
        assertThat(Cable.kind("let go to client after 100.2ms: 131 bytes")).isEqualTo("let go to client");
        assertThat(Cable.kind("lifetime of 1.5s: fin to both")).isEqualTo("lifetime");
        assertThat(Cable.kind("sigterm to a, kill in 10s")).isEqualTo("sigterm to a");
    }
}
