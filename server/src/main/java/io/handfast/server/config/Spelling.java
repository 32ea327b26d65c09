package io.handfast.server.config;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Guesses which setting was meant. */
final class Spelling {
    private static final int MAX_EDITS = 4;

    /** A short word is like anything after a few edits. */
    private static final int LETTERS_PER_EDIT = 3;

    private static final String SEPARATORS = "_.-";

    private Spelling() {}

    /** A half-sentence that names the setting most like {@code written}; empty when none is alike. */
    static String hint(String written) {
        boolean variable = SettingDescription.ours(written);
        Optional<String> nearest = nearest(
                variable ? written : written.toLowerCase(Locale.ROOT),
                SettingDescription.all().stream()
                        .flatMap(setting -> variable
                                ? NamePatterns.filledVariables(setting, written)
                                : Stream.of(NamePatterns.filled(setting.key(), written))));
        if (nearest.isPresent()) {
            return "; did you mean " + nearest.get() + "?";
        }
        return variable || written.startsWith(SettingDescription.PREFIX)
                ? "; docs/config.md lists them all"
                : "; the names of all settings begin with handfast.";
    }

    /** The name most like {@code written}, when one is alike. */
    static Optional<String> nearest(String written, Stream<String> names) {
        return names.filter(name -> edits(written, name) <= editsMax(written, name))
                .min(Comparator.comparingInt(name -> edits(written, name)));
    }

    /** Counted by what is written differently: the parts that both begin with, as all settings do with ours, say nothing. */
    private static int editsMax(String written, String name) {
        int own = 0;
        for (int i = 0; i < Math.min(written.length(), name.length()) && written.charAt(i) == name.charAt(i); i++) {
            if (SEPARATORS.indexOf(written.charAt(i)) >= 0) {
                own = i + 1;
            }
        }
        // Of two letters one may be wrong.
        return Math.min(MAX_EDITS, (written.length() - own + 1) / LETTERS_PER_EDIT);
    }

    /** Levenshtein's distance, in which two neighbours that changed places are one edit. */
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                edits[i][j] = i == 0 || j == 0 ? i + j : edits(edits, from, i, to, j);
            }
        }
        return edits[from.length()][to.length()];
    }

    private static int edits(int[][] edits, String from, int i, String to, int j) {
        char last = from.charAt(i - 1);
        int replaced = edits[i - 1][j - 1] + (last == to.charAt(j - 1) ? 0 : 1);
        int fewest = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && last == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(fewest, edits[i - 2][j - 2] + 1) : fewest;
    }
}
