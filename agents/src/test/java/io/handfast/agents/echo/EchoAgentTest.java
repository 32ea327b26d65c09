package io.handfast.agents.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.handfast.agents.Asked;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoAgentTest {
    private final EchoAgent echo = new EchoAgent();

    private Asked ask(String text, Map<String, Object> options) throws InterruptedException {
        Asked asked = new Asked(text, options);
        echo.run(asked, asked);
        return asked;
    }

    @Test
    void it_thinks_counts_and_answers_word_by_word() throws InterruptedException {
        Asked asked = ask("Hello, big world", Map.of());
        assertThat(asked.calls)
                .containsExactly(
                        "thinking",
                        "executing word_count {text=Hello, big world}",
                        "completed OK",
                        "chunk",
                        "chunk",
                        "chunk");
        assertThat(asked.toolResults).containsExactly(3);
        assertThat(asked.chunks).containsExactly("Hello, ", "big ", "world");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a", " a", "a ", "\n\na\tb  ", "Grüße, 世界 👋🏽!", "a\u00a0b", "\u0001\u0002", "\"\\"})
    void the_chunks_of_any_text_are_the_text(String text) throws InterruptedException {
        assertThat(ask(text, Map.of()).answer()).isEqualTo(text);
    }

    @Test
    void an_empty_text_has_no_chunk() throws InterruptedException {
        assertThat(ask("", Map.of()).chunks).isEmpty();
    }

    @Test
    void it_fails_after_as_many_chunks_as_asked() {
        Asked asked = new Asked("a b c", Map.of("fail_after_chunks", 2L));
        assertThatIllegalStateException()
                .isThrownBy(() -> echo.run(asked, asked))
                .withMessageContaining("after 2 chunks");
        assertThat(asked.chunks).containsExactly("a ", "b ");
    }

    @Test
    void it_fails_before_the_first_chunk_and_after_the_last_too() throws InterruptedException {
        assertThatIllegalStateException().isThrownBy(() -> ask("", Map.of("fail_after_chunks", 0L)));
        assertThatIllegalStateException().isThrownBy(() -> ask("a b", Map.of("fail_after_chunks", 2L)));
        assertThat(ask("a b", Map.of("fail_after_chunks", 3L)).answer()).isEqualTo("a b");
    }

    @Test
    @Timeout(60)
    void it_hangs_until_it_is_interrupted() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Asked asked = new Asked("a b c", Map.of("hang_after_chunks", 2L));
        Thread thread = new Thread(() -> {
            try {
                second.countDown();
                echo.run(asked, asked);
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        thread.start();
        second.await();
        thread.interrupt();
        thread.join();
        assertThat(interrupted).isTrue();
        assertThat(asked.chunks).containsExactly("a ", "b ");
    }

    @Test
    @Timeout(60)
    void its_tool_is_open_while_it_takes_its_time() throws InterruptedException {
        Asked asked = new Asked("a b", Map.of("tool_delay_ms", 60_000L));
        Thread thread = new Thread(() -> {
            try {
                echo.run(asked, asked);
            } catch (InterruptedException e) {
                // It was told to stop.
            }
        });
        thread.start();
        thread.interrupt();
        thread.join();
        assertThat(asked.calls).last().asString().startsWith("executing word_count");
        assertThat(ask("a b", Map.of("tool_delay_ms", 1L)).answer()).isEqualTo("a b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool_delay_ms", "chunk_delay_ms", "fail_after_chunks", "hang_after_chunks"})
    void an_option_that_is_no_whole_number_is_named(String option) {
        for (Object wrong : new Object[] {"5", -1L, new java.math.BigDecimal("1.5"), true, Map.of()}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ask("a", Map.of(option, wrong)))
                    .withMessageContaining(option)
                    .withMessageContaining(String.valueOf(wrong));
        }
    }
}
