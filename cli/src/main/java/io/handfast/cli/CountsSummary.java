package io.handfast.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Counts by name for people, in few lines: what belongs together by the part before a colon stands in one paragraph, the rest in two
 * columns that are read downwards.
 */
final class CountsSummary {
    private static final int WIDTH = 110;
    private static final String INDENT = "  ";

    private CountsSummary() {}

    static List<String> lines(Map<String, Long> byName) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        List<String> single = new ArrayList<>();
        byName.forEach((name, number) -> {
            int colon = name.indexOf(": ");
            String count = String.format(Locale.ROOT, "%,d", number);
            if (colon < 0) {
                single.add(String.format(Locale.ROOT, "%10s  %s", count, name));
            } else {
                groups.computeIfAbsent(name.substring(0, colon), fresh -> new ArrayList<>())
                        .add(name.substring(colon + 2) + " x" + count);
            }
        });
        List<String> lines = new ArrayList<>(columns(single));
        groups.forEach((group, members) -> lines.addAll(paragraph(group, members)));
        return lines;
    }

    private static List<String> columns(List<String> cells) {
        int rows = (cells.size() + 1) / 2;
        int width = cells.stream().limit(rows).mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            String left = cells.get(row);
            lines.add(
                    row + rows < cells.size()
                            ? left + " ".repeat(width - left.length()) + cells.get(row + rows)
                            : left);
        }
        return lines;
    }

    /** Breaks between members only. */
    private static List<String> paragraph(String group, List<String> members) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(INDENT).append(group).append(": ");
        for (int i = 0; i < members.size(); i++) {
            String member = members.get(i) + (i < members.size() - 1 ? ", " : "");
            if (line.length() + member.stripTrailing().length() > WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(INDENT.repeat(3));
            }
            line.append(member);
        }
        lines.add(line.toString());
        return lines;
    }
}
