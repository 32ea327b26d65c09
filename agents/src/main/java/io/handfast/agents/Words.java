package io.handfast.agents;

import java.util.ArrayList;
import java.util.List;

/** Text cut into words, as a model streams it. White space is what Java or Unicode takes for it. */
public final class Words {
    private Words() {}

    /**
     * Each word with the white space that follows it; leading white space belongs to the first. Joined they are the text. White
     * space alone is one piece, an empty text has none.
     */
    public static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        boolean word = false;
        boolean gap = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = isSpace(text.charAt(i));
            if (!space && word && gap) {
                pieces.add(text.substring(start, i));
                start = i;
                gap = false;
            }
            word |= !space;
            gap = word && space;
        }
        if (start < text.length()) {
            pieces.add(text.substring(start));
        }
        return pieces;
    }

    /** How many words a text has. */
    public static int count(String text) {
        int words = 0;
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            boolean space = isSpace(text.charAt(i));
            if (!space && !inWord) {
                words++;
            }
            inWord = !space;
        }
        return words;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }
}
