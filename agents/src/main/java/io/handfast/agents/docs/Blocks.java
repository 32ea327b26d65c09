package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts the lines of one section into blocks. */
final class Blocks {
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+).*");
    private static final Pattern ITEM = Pattern.compile("(?:[-*+]|\\d+[.)])\\s+.*");
    private static final Pattern RULE = Pattern.compile("\\|?\\s*:?-+:?\\s*(\\|\\s*:?-+:?\\s*)*\\|?");
    private static final Pattern PIPE = Pattern.compile("(?<!\\\\)\\|");

    private final List<String> lines;
    private final String path;
    private final List<Block> blocks = new ArrayList<>();
    private int at;
    private int paragraphs;

    private Blocks(List<String> lines, String path) {
        this.lines = lines;
        this.path = path;
    }

    static List<Block> of(List<String> lines, String path) {
        Blocks blocks = new Blocks(lines, path);
        while (blocks.at < lines.size()) {
            blocks.next();
        }
        return blocks.blocks;
    }

    private void next() {
        String line = lines.get(at);
        String bare = line.strip();
        if (bare.isEmpty() || bare.startsWith("<")) { // tags are layout, comments are for authors
            at++;
        } else if (FENCE.matcher(line).matches()) {
            blocks.add(new Block.Code(String.join("\n", fenced())));
        } else if (bare.startsWith("|")) {
            table();
        } else if (ITEM.matcher(bare).matches()) {
            item();
        } else {
            paragraph();
        }
    }

    private List<String> fenced() {
        List<String> code = new ArrayList<>();
        int indent = lines.get(at).length() - lines.get(at).stripLeading().length();
        String mark = lines.get(at).strip().replaceAll("^(```+|~~~+).*", "$1");
        do {
            String line = lines.get(at++);
            code.add(line.substring(
                    Math.min(indent, line.length() - line.stripLeading().length())));
        } while (at < lines.size() && !lines.get(at).strip().startsWith(mark));
        at++;
        code.add(mark);
        return code;
    }

    private void table() {
        List<List<String>> rows = new ArrayList<>();
        while (at < lines.size() && lines.get(at).strip().startsWith("|")) {
            String line = lines.get(at++).strip();
            if (!RULE.matcher(line).matches()) {
                rows.add(cells(line));
            }
        }
        List<String> header = rows.get(0);
        List<List<String>> right = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            int half = header.size() / 2;
            // Two tables side by side, to save height: an empty column stands between them.
            if (header.size() % 2 == 1
                    && header.get(half).isEmpty()
                    && row.size() == header.size()
                    && header.subList(0, half).equals(header.subList(half + 1, header.size()))) {
                row(header.subList(0, half), row.subList(0, half));
                right.add(row.subList(half + 1, row.size()));
            } else {
                row(header, row);
            }
        }
        right.forEach(row -> row(header.subList(0, row.size()), row));
    }

    private void row(List<String> header, List<String> cells) {
        if (cells.stream().anyMatch(cell -> !cell.isEmpty())) {
            blocks.add(new Block.Row(header, cells));
        }
    }

    private List<String> cells(String line) {
        String inner = line.substring(1, line.endsWith("|") && line.length() > 1 ? line.length() - 1 : line.length());
        List<String> cells = new ArrayList<>();
        for (String cell : PIPE.split(inner, -1)) {
            cells.add(Links.resolved(cell.strip(), path));
        }
        return cells;
    }

    private void item() {
        StringBuilder item = new StringBuilder(lines.get(at++).strip());
        while (at < lines.size()) {
            String line = lines.get(at);
            boolean nested = line.startsWith("  ") || line.startsWith("\t");
            if (line.isBlank() || !nested || FENCE.matcher(line).matches()) {
                break;
            }
            boolean own = ITEM.matcher(line.strip()).matches();
            item.append(own ? "\n  " : " ").append(line.strip());
            at++;
        }
        blocks.add(new Block.Item(Links.resolved(item.toString(), path)));
    }

    private void paragraph() {
        StringBuilder text = new StringBuilder();
        while (at < lines.size() && !endsParagraph(lines.get(at))) {
            String line = lines.get(at++).strip();
            text.append(text.length() == 0 ? "" : " ").append(line.startsWith("> ") ? line.substring(2) : line);
        }
        paragraphs++;
        for (String sentence : Sentences.of(Links.resolved(text.toString(), path))) {
            blocks.add(new Block.Sentence(sentence, paragraphs));
        }
    }

    private static boolean endsParagraph(String line) {
        String bare = line.strip();
        return bare.isEmpty()
                || bare.startsWith("|")
                || FENCE.matcher(line).matches()
                || ITEM.matcher(bare).matches();
    }
}
