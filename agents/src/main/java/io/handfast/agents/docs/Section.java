package io.handfast.agents.docs;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What stands under one heading of a document, up to the next heading.
 *
 * @param path of the document in the repository
 * @param slug the heading's anchor; empty for what stands before the first heading
 * @param trail the headings above this one, outermost first
 * @param title the heading as plain text
 * @param blocks what it says, in order
 */
record Section(String path, String slug, List<String> trail, String title, List<Block> blocks) {

    /** How the inside is built, and how it is measured and broken: few who ask want to know that. */
    private static final Pattern INSIDE =
            Pattern.compile("CONTRIBUTING\\.md|docs/(threads|benchmarks?)\\.md|docs/edges/.*");

    /** How likely it is what somebody who uses the product wants to know, 1 for most. */
    double relevance() {
        return INSIDE.matcher(path).matches() ? 0.7 : 1;
    }

    /** Where the server shows it. */
    String link() {
        return "/docs/" + path + (slug.isEmpty() ? "" : "#" + slug);
    }

    /** The title, with the document's before it. */
    String fullTitle() {
        return trail.isEmpty() ? title : trail.get(0) + " › " + title;
    }

    /** The title with all above it, for the comparison with a question. */
    String heading() {
        return title + " " + String.join(" ", trail);
    }

    /** All its text, for the index. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Block block : blocks) {
            text.append(block.searchable()).append('\n');
        }
        return text.toString();
    }
}
