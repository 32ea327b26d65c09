package io.handfast.connection;

import io.handfast.connection.Transitions.Row;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the part of docs/connection.md that {@link Transitions} decides. */
final class TransitionsDocument {
    private static final String BEGIN = "<!-- transitions: generated from Transitions.java -->\n";
    private static final String END = "<!-- /transitions -->\n";

    private TransitionsDocument() {}

    /** The document with what stands between its markers written anew. */
    static String insertedInto(String document) {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new AssertionError("docs/connection.md has lost its markers " + BEGIN + END);
        }
        return document.substring(0, begin) + BEGIN + "\n" + diagram() + "\n" + table() + "\n"
                + document.substring(end);
    }

    private static String diagram() {
        Map<String, String> labels = Transitions.TABLE.stream()
                .collect(Collectors.groupingBy(
                        row -> row.from() + " --> " + row.to(),
                        LinkedHashMap::new,
                        Collectors.mapping(TransitionsDocument::word, Collectors.joining(", "))));
        String arrows = labels.entrySet().stream()
                .map(arrow -> "    " + arrow.getKey() + ": " + arrow.getValue() + "\n")
                .collect(Collectors.joining());
        return "```mermaid\nstateDiagram-v2\n    [*] --> ACCEPTED\n" + arrows + "    CLOSED --> [*]\n```\n";
    }

    private static String table() {
        Map<Trigger, String> from = Transitions.TABLE.stream()
                .collect(Collectors.groupingBy(
                        Row::on,
                        LinkedHashMap::new,
                        Collectors.mapping(row -> "`" + row.from() + "`", Collectors.joining(", "))));
        Map<Trigger, String> to = Transitions.TABLE.stream()
                .collect(Collectors.toMap(Row::on, row -> "`" + row.to() + "`", (one, same) -> one));
        String rows = from.entrySet().stream()
                .map(row -> "| " + row.getValue() + " | " + row.getKey().name().toLowerCase(Locale.ROOT) + " | "
                        + to.get(row.getKey()) + " | " + row.getKey().meaning() + " |\n")
                .collect(Collectors.joining());
        return "| from | on | to | when |\n|---|---|---|---|\n" + rows;
    }

    private static String word(Row row) {
        return row.on().name().toLowerCase(Locale.ROOT);
    }
}
