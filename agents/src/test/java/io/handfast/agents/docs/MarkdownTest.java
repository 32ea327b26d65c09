package io.handfast.agents.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownTest {
    private static List<Section> sections(String... lines) {
        return Markdown.sections("docs/a.md", String.join("\n", lines));
    }

    private static List<Block> blocks(String... lines) {
        return sections(lines).get(0).blocks();
    }

    @Test
    void a_document_is_cut_at_its_headings_which_are_known_by_their_anchors() {
        assertThat(sections(
                        "# The guide",
                        "Hello.",
                        "## `run` & stop, now!",
                        "Text.",
                        "### Deep",
                        "## Reader's rule",
                        "# The guide"))
                .extracting(Section::link, Section::fullTitle)
                .containsExactly(
                        tuple("/docs/docs/a.md#the-guide", "The guide"),
                        tuple("/docs/docs/a.md#run--stop-now", "The guide › run & stop, now!"),
                        tuple("/docs/docs/a.md#deep", "The guide › Deep"),
                        tuple("/docs/docs/a.md#readers-rule", "The guide › Reader's rule"),
                        tuple("/docs/docs/a.md#the-guide-1", "The guide"));
    }

    @Test
    void a_paragraph_is_cut_into_sentences_but_not_inside_of_code_brackets_or_abbreviations() {
        assertThat(blocks("One ends here. Two (see 4.1. Really) has `a. B` and e.g. This.", "Three?", "", "Four"))
                .containsExactly(
                        new Block.Sentence("One ends here.", 1),
                        new Block.Sentence("Two (see 4.1. Really) has `a. B` and e.g. This.", 1),
                        new Block.Sentence("Three?", 1),
                        new Block.Sentence("Four", 2));
    }

    @Test
    void a_block_of_code_stays_whole_and_its_headings_are_none() {
        assertThat(blocks("Do:", "```sh", "# not a heading", "", "ls", "```", "Done."))
                .containsExactly(
                        new Block.Sentence("Do:", 1),
                        new Block.Code("```sh\n# not a heading\n\nls\n```"),
                        new Block.Sentence("Done.", 2));
    }

    @Test
    void a_list_is_cut_into_items_with_what_is_nested_in_them() {
        assertThat(blocks("* one", "  goes on", "  * inner", "* two", "", "1. first"))
                .containsExactly(
                        new Block.Item("* one goes on\n  * inner"),
                        new Block.Item("* two"),
                        new Block.Item("1. first"));
    }

    @Test
    void a_table_is_cut_into_rows_that_know_their_header() {
        assertThat(blocks("| a | b |", "|---|:--|", "| 1 | x \\| y |", "| 2 | |"))
                .containsExactly(
                        new Block.Row(List.of("a", "b"), List.of("1", "x \\| y")),
                        new Block.Row(List.of("a", "b"), List.of("2", "")));
    }

    @Test
    void two_tables_side_by_side_are_read_one_after_the_other() {
        assertThat(blocks("| c | n | | c | n |", "|---|---|---|---|---|", "| 1 | a | | 3 | c |", "| 2 | b | | | |"))
                .containsExactly(
                        new Block.Row(List.of("c", "n"), List.of("1", "a")),
                        new Block.Row(List.of("c", "n"), List.of("2", "b")),
                        new Block.Row(List.of("c", "n"), List.of("3", "c")));
    }

    @Test
    void links_lead_to_where_the_server_shows_the_document() {
        assertThat(
                        blocks(
                                "[a](b.md#x) [b](../spec/protocol.md) [c](#here) [d](https://e.org/f) [e](../pom.xml) ![i](i.png)"))
                .containsExactly(new Block.Sentence(
                        "[a](/docs/docs/b.md#x) [b](/docs/spec/protocol.md) [c](/docs/docs/a.md#here) [d](https://e.org/f) e i",
                        1));
    }
}
