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

    private Spelling() {}

    /** A half-sentence that names the setting most like {@code written}; empty when none is alike. */
    static String hint(String written) {
        boolean variable = SettingDescription.ours(written);
        Optional<String> nearest = nearest(
                variable ? written : written.toLowerCase(Locale.ROOT),
                SettingDescription.all().stream()
                        .map(setting -> variable ? setting.variable() : NamePatterns.filled(setting.key(), written)));
        if (nearest.isPresent()) {
            return "; did you mean " + nearest.get() + "?";
        }
        return variable || written.startsWith(SettingDescription.PREFIX)
                ? "; docs/config.md lists them all"
                : "; the names of all settings begin with handfast.";
    }

    /** The name most like {@code written}, when one is alike. */
    static Optional<String> nearest(String written, Stream<String> names) {
        int editsMax = Math.min(MAX_EDITS, written.length() / LETTERS_PER_EDIT);
        return names.min(Comparator.comparingInt(name -> edits(written, name)))
                .filter(name -> edits(written, name) <= editsMax);
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int above = row[j];
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[to.length()];
    }
}
