package io.handfast.bench.race;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.sim.edge.script.NamedScripts;
import org.junit.jupiter.api.Test;

class CourseTest {
    @Test
    void every_script_of_the_race_is_run() {
        assertThat(Course.all().stream().map(course -> course.script().name())).containsAll(NamedScripts.race());
    }

    @Test
    void an_unknown_edge_is_refused_with_those_that_there_are() {
        assertThatThrownBy(() -> Course.named("held"))
                .hasMessageContaining("there is no edge 'held'; there are: all, at-once")
                .hasMessageContaining("held-rst-settled");
    }
}
