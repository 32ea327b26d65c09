package io.handfast.agents.docs;

import java.util.List;

/** A piece of a section that is shown whole or not at all, as markdown. */
sealed interface Block {
    /** A longer beginning is no name of anything. */
    int SUBJECT_CHARS_MAX = 60;

    /** Its text as far as questions can match it. */
    String searchable();

    /** What it says something about, when it tells so by itself: the first cell of a row, the beginning of an item. */
    default String subject() {
        return "";
    }

    private static String beforeColon(String markdown) {
        int colon = markdown.indexOf(':');
        return colon < 0 || colon > SUBJECT_CHARS_MAX ? "" : markdown.substring(0, colon);
    }

    /**
     * One sentence.
     *
     * @param paragraph number of the paragraph in its section: sentences of one paragraph are shown as one
     */
    record Sentence(String markdown, int paragraph) implements Block {
        @Override
        public String searchable() {
            return markdown;
        }

        @Override
        public String subject() {
            return beforeColon(markdown);
        }
    }

    /** One item of a list, with what is nested in it. */
    record Item(String markdown) implements Block {
        @Override
        public String searchable() {
            return markdown;
        }

        @Override
        public String subject() {
            return beforeColon(markdown);
        }
    }

    /** One row of a table, with the header that names its cells; rows with equal headers are shown as one table. */
    record Row(List<String> header, List<String> cells) implements Block {
        @Override
        public String searchable() {
            return String.join(" ", cells);
        }

        @Override
        public String subject() {
            return cells.get(0);
        }
    }

    /** A fenced block of code, fences included. */
    record Code(String markdown) implements Block {
        @Override
        public String searchable() {
            return markdown;
        }
    }
}
