package io.handfast.agents.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.handfast.agents.Asked;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class DocsAgentTest {
    private static final Map<String, String> DOCUMENTS = Map.of(
            "docs/garden.md",
            """
            # The garden

            It has a fence.

            ## Growing tomatoes

            Tomatoes want sun. They also want water, twice a day. Slugs do not eat them.

            ```sh
            water --plants tomatoes
            ```

            ## Tools

            | tool | use |
            |---|---|
            | `spade` | digs holes for trees |
            | `rake` | gathers leaves |
            """,
            "docs/house.md",
            "# The house\n\nThe roof is red. The door is locked at night.\n",
            "CHANGELOG.md",
            "# Changes\n\nThe roof was green.\n");

    private final AtomicInteger reads = new AtomicInteger();
    private final DocsAgent agent = new DocsAgent(() -> {
        reads.incrementAndGet();
        return DOCUMENTS;
    });

    private Asked ask(String question) throws IOException, InterruptedException {
        Asked asked = new Asked(question, Map.of("chunk_delay_ms", 0L));
        agent.run(asked, asked);
        return asked;
    }

    @Test
    void it_thinks_searches_reads_and_answers_in_pieces() throws IOException, InterruptedException {
        Asked asked = ask("What does a rake do?");
        assertThat(asked.calls.subList(0, 5))
                .containsExactly(
                        "thinking",
                        "executing search_docs {query=rake}",
                        "completed OK",
                        "executing read_section {link=/docs/docs/garden.md#tools}",
                        "completed OK");
        assertThat(asked.calls.subList(5, asked.calls.size()))
                .containsOnly("chunk")
                .hasSizeGreaterThan(5);
        assertThat(asked.answer())
                .isEqualTo("| tool | use |\n|---|---|\n| `rake` | gathers leaves |\n\n"
                        + "Read more: [The garden › Tools](/docs/docs/garden.md#tools)");
    }

    @Test
    void the_hits_are_told_with_title_link_and_score() throws IOException, InterruptedException {
        Object hits = ask("tomatoes").toolResults.get(0);
        assertThat(hits)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .first()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("title", "The garden › Growing tomatoes")
                .containsEntry("link", "/docs/docs/garden.md#growing-tomatoes")
                .containsKey("score");
    }

    @Test
    void a_heading_that_is_the_question_is_answered_with_its_section() throws IOException, InterruptedException {
        assertThat(ask("How do I grow tomatoes?").answer())
                .startsWith("Tomatoes want sun. They also want water, twice a day.")
                .contains("```sh\nwater --plants tomatoes\n```");
    }

    @Test
    void a_sentence_that_leans_on_the_one_before_brings_it_along() throws IOException, InterruptedException {
        assertThat(ask("twice a day water").answer()).contains("Tomatoes want sun. They also want water, twice a day.");
    }

    @Test
    void words_are_found_in_their_other_forms() throws IOException, InterruptedException {
        assertThat(ask("Is the door locking nightly?").answer()).contains("The door is locked at night.");
    }

    @Test
    void what_is_not_there_is_said_to_be_not_there() throws IOException, InterruptedException {
        Asked asked = ask("How many elephants are purple?");
        assertThat(asked.answer()).startsWith("I found nothing about that").contains("You can ask me, for instance:");
        assertThat(asked.calls).contains("executing search_docs {query=many elephants purple}");
    }

    @Test
    void the_changelog_is_not_asked() throws IOException, InterruptedException {
        assertThat(ask("What is with the roof?").answer()).contains("red").doesNotContain("green");
    }

    @Test
    void who_asks_nothing_is_told_what_to_ask() throws IOException, InterruptedException {
        for (String nothing : List.of("", "  ", "?", "what is it?")) {
            assertThat(ask(nothing).answer()).startsWith("Ask me about Handfast");
        }
    }

    @Test
    void the_index_is_built_once_and_not_before_the_first_question() throws IOException, InterruptedException {
        assertThat(reads).hasValue(0);
        ask("roof");
        ask("door");
        assertThat(reads).hasValue(1);
    }

    @Test
    void an_option_of_the_wrong_type_is_named() {
        Asked asked = new Asked("roof", Map.of("chunk_delay_ms", "slow"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> agent.run(asked, asked))
                .withMessage("option chunk_delay_ms must be a whole number from 0 to 60000, not \"slow\"");
    }
}
