package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts a paragraph into sentences, and never inside of code, a link or brackets. */
final class Sentences {
    private static final Pattern ABBREVIATION = Pattern.compile("(?:^|.*[\\s(])(?:e\\.g|i\\.e|etc|vs|cf|approx|no)\\.");

    private Sentences() {}

    static List<String> of(String paragraph) {
        List<String> sentences = new ArrayList<>();
        int start = 0;
        int depth = 0;
        boolean code = false;
        for (int i = 0; i < paragraph.length(); i++) {
            char c = paragraph.charAt(i);
            if (c == '`') {
                code = !code;
            } else if (!code && (c == '(' || c == '[')) {
                depth++;
            } else if (!code && (c == ')' || c == ']')) {
                depth = Math.max(0, depth - 1);
            }
            if (!code && depth == 0 && ends(paragraph, start, i)) {
                sentences.add(paragraph.substring(start, i + 1).strip());
                start = i + 1;
            }
        }
        if (start < paragraph.length() && !paragraph.substring(start).isBlank()) {
            sentences.add(paragraph.substring(start).strip());
        }
        return sentences;
    }

    private static boolean ends(String text, int start, int i) {
        char c = text.charAt(i);
        if (c != '.' && c != '!' && c != '?') {
            return false;
        }
        if (i + 2 >= text.length()) {
            return false;
        }
        char next = text.charAt(i + 2);
        return text.charAt(i + 1) == ' '
                && !Character.isLowerCase(next)
                && !ABBREVIATION.matcher(text.substring(start, i + 1)).matches();
    }
}
