package io.handfast.bench.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures under headings; one list of rows for both the terminal and JSON, so that the two cannot differ. */
public final class Table {
    private final String title;
    private final List<String> headings;
    private final List<List<Object>> rows = new ArrayList<>();

    public Table(String title, String... headings) {
        this.title = title;
        this.headings = List.of(headings);
    }

    /**
     * Adds a row.
     *
     * @param cells strings and numbers, one for each heading
     */
    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + headings.size() + " headings");
        }
        rows.add(List.copyOf(Arrays.asList(cells)));
        return this;
    }

    public List<List<Object>> rows() {
        return List.copyOf(rows);
    }

    /** {@code {"title": …, "rows": [{heading: cell, …}, …]}}; numbers are not rounded. */
    public Map<String, Object> toJson() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < row.size(); i++) {
                object.put(headings.get(i), row.get(i));
            }
            objects.add(object);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", title);
        json.put("rows", objects);
        return json;
    }

    /** Lines of Markdown whose columns are aligned, so that they can be read in a terminal and pasted in a document. */
    public String toText() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(headings);
        rows.forEach(row -> lines.add(row.stream().map(Table::text).toList()));
        int[] widths = new int[headings.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder(title).append("\n\n");
        for (int line = 0; line < lines.size(); line++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = lines.get(line).get(i);
                String padding = " ".repeat(widths[i] - cell.length());
                text.append("| ")
                        .append(right(i) ? padding + cell : cell + padding)
                        .append(' ');
            }
            text.append("|\n");
            if (line == 0) {
                for (int i = 0; i < widths.length; i++) {
                    text.append('|').append("-".repeat(widths[i] + 1)).append(right(i) ? ':' : '-');
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }

    private boolean right(int column) {
        return !rows.isEmpty() && rows.get(0).get(column) instanceof Number;
    }

    private static String text(Object cell) {
        if (cell instanceof Double number) {
            double size = Math.abs(number);
            String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
            return String.format(Locale.ROOT, format, number);
        }
        return cell instanceof Number number ? String.format(Locale.ROOT, "%,d", number.longValue()) : cell.toString();
    }
}
