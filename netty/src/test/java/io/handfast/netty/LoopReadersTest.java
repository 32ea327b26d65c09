package io.handfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.netty.LoopReaders.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LoopReadersTest {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final LoopReaders readers = new LoopReaders(tasks::add);
    private final List<String> told = new ArrayList<>();

    private Reader reader(String name) {
        return threadId -> told.add(name + " " + threadId);
    }

    private void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void a_loop_without_a_reader_of_the_thread_is_not_woken() {
        readers.add("a", reader("r"));
        readers.moved(Set.of("b"));
        assertThat(tasks).isEmpty();
    }

    @Test
    void commits_while_a_wake_up_is_under_way_are_merged_into_it() {
        readers.add("a", reader("r"));
        readers.add("b", reader("s"));
        readers.moved(Set.of("a"));
        readers.moved(Set.of("a", "b", "c"));
        assertThat(tasks).hasSize(1);
        turn();
        assertThat(told).containsExactlyInAnyOrder("r a", "s b");
        readers.moved(Set.of("a"));
        assertThat(tasks).hasSize(1);
    }

    @Test
    void every_reader_of_a_thread_is_told() {
        readers.add("a", reader("r"));
        readers.add("a", reader("s"));
        readers.add("a", reader("t"));
        readers.moved(Set.of("a"));
        turn();
        assertThat(told).containsExactly("r a", "s a", "t a");
    }

    @Test
    void only_the_very_reader_is_removed() {
        Reader gone = reader("r");
        readers.add("a", reader("r"));
        readers.add("a", gone);
        readers.add("a", reader("s"));
        readers.remove("a", gone);
        readers.remove("a", gone);
        readers.remove("b", gone);
        readers.moved(Set.of("a"));
        turn();
        assertThat(told).containsExactly("r a", "s a");
    }

    @Test
    void a_reader_that_left_before_the_wake_up_is_not_told() {
        Reader gone = reader("r");
        readers.add("a", gone);
        readers.moved(Set.of("a"));
        readers.remove("a", gone);
        turn();
        assertThat(told).isEmpty();
    }

    @Test
    void readers_may_come_and_go_while_they_are_told() {
        Reader[] self = new Reader[1];
        self[0] = threadId -> {
            told.add("self");
            readers.remove(threadId, self[0]);
            readers.add(threadId, reader("new"));
        };
        readers.add("a", self[0]);
        readers.add("a", reader("s"));
        readers.moved(Set.of("a"));
        turn();
        assertThat(told).containsExactly("self", "s a");
    }
}
