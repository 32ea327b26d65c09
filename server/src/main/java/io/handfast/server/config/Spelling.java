package io.handfast.server.config;

import java.util.Comparator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Guesses which setting was meant. */
final class Spelling {
    private static final int MAX_EDITS = 4;

    private Spelling() {}

    /** A half-sentence that names the setting most like {@code written}; empty when none is alike. */
    static String hint(String written) {
        boolean variable = SettingDescription.ours(written);
        String wanted = variable ? written : written.toLowerCase(Locale.ROOT);
        @Nullable
        String nearest = SettingDescription.all().stream()
                .map(setting -> variable ? setting.variable() : setting.key())
                .min(Comparator.comparingInt(name -> edits(wanted, name)))
                .filter(name -> edits(wanted, name) <= MAX_EDITS)
                .orElse(null);
        if (nearest == null && !variable && !written.startsWith(SettingDescription.PREFIX)) {
            return "; the names of all settings begin with handfast.";
        }
        return nearest == null ? "; docs/config.md lists them all" : "; did you mean " + nearest + "?";
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
