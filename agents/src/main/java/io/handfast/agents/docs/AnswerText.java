package io.handfast.agents.docs;

import java.util.List;
import java.util.stream.Collectors;

/** An answer as markdown. */
final class AnswerText {
    /** Under this the reader is told that it is not quite what was asked. */
    private static final double GOOD = 0.6;

    private static final List<String> SUGGESTIONS = List.of(
            "How does a reconnect resume?",
            "What does close code 4003 mean?",
            "How do I write an agent in Java?",
            "What is a history gap?",
            "Which environment variables are there?");

    private final StringBuilder text = new StringBuilder();
    private Block last = new Block.Code("");

    private AnswerText() {}

    static String of(Answer answer) {
        if (answer.excerpts().isEmpty()) {
            return "I found nothing about that in the documentation, and I know nothing else.\n\n" + suggestions();
        }
        AnswerText answerText = new AnswerText();
        if (answer.coverage() < GOOD) {
            answerText.text.append("I did not find exactly that. The closest that the documentation says:\n\n");
        }
        boolean several = answer.excerpts().size() > 1;
        for (Answer.Excerpt excerpt : answer.excerpts()) {
            answerText.excerpt(excerpt, several);
        }
        answerText.text.append("Read more: ").append(sources(answer));
        return answerText.text.toString();
    }

    /** For whoever asked nothing. */
    static String greeting() {
        return "Ask me about Handfast: I answer from its documentation, and show where I looked.\n\n" + suggestions();
    }

    private static String suggestions() {
        return SUGGESTIONS.stream().collect(Collectors.joining("\n- ", "You can ask me, for instance:\n\n- ", "\n"));
    }

    private static String sources(Answer answer) {
        return answer.excerpts().stream()
                .map(excerpt -> "[" + excerpt.section().fullTitle() + "]("
                        + excerpt.section().link() + ")")
                .distinct()
                .collect(Collectors.joining(" · "));
    }

    private void excerpt(Answer.Excerpt excerpt, boolean titled) {
        if (titled) {
            text.append("**").append(excerpt.section().title()).append("**\n\n");
        }
        last = new Block.Code("");
        for (Block block : excerpt.blocks()) {
            block(block);
            last = block;
        }
        text.append("\n\n");
    }

    private void block(Block block) {
        if (block instanceof Block.Sentence sentence) {
            boolean same = last instanceof Block.Sentence before && before.paragraph() == sentence.paragraph();
            text.append(same ? " " : gap()).append(sentence.markdown());
        } else if (block instanceof Block.Item item) {
            text.append(last instanceof Block.Item ? "\n" : gap()).append(item.markdown());
        } else if (block instanceof Block.Row row) {
            boolean same = last instanceof Block.Row before && before.header().equals(row.header());
            if (!same) {
                text.append(gap()).append(line(row.header())).append('\n');
                text.append("|").append("---|".repeat(row.header().size()));
            }
            text.append('\n').append(line(row.cells()));
        } else {
            text.append(gap()).append(((Block.Code) block).markdown());
        }
    }

    private String gap() {
        return text.length() == 0 || text.charAt(text.length() - 1) == '\n' ? "" : "\n\n";
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }
}
