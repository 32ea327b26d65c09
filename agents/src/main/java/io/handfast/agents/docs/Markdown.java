package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts a markdown document into sections: the part of the language in which this documentation is written. */
final class Markdown {
    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*?)(?:\\s+#+)?\\s*");
    private static final Pattern FENCE = Pattern.compile("\\s*(```+|~~~+).*");

    private final String path;
    private final Slugs slugs = new Slugs();
    private final List<Section> sections = new ArrayList<>();
    private final List<String> open = new ArrayList<>();
    private List<String> lines = new ArrayList<>();
    private String slug = "";

    private Markdown(String path) {
        this.path = path;
    }

    static List<Section> sections(String path, String markdown) {
        Markdown document = new Markdown(path);
        String fence = null;
        for (String line : markdown.lines().toList()) {
            Matcher mark = FENCE.matcher(line);
            if (fence != null) {
                fence = line.strip().startsWith(fence) ? null : fence;
                document.lines.add(line);
            } else if (mark.matches()) {
                fence = mark.group(1);
                document.lines.add(line);
            } else {
                document.textLine(line);
            }
        }
        document.close();
        return document.sections;
    }

    private void textLine(String line) {
        Matcher heading = HEADING.matcher(line);
        if (!heading.matches()) {
            lines.add(line);
            return;
        }
        close();
        int level = heading.group(1).length();
        while (open.size() >= level) {
            open.remove(open.size() - 1);
        }
        String title = plain(heading.group(2));
        while (open.size() < level - 1) {
            open.add("");
        }
        open.add(title);
        slug = slugs.of(title);
    }

    private void close() {
        List<Block> blocks = Blocks.of(lines, path);
        lines = new ArrayList<>();
        if (open.isEmpty() && blocks.isEmpty()) {
            return;
        }
        List<String> trail = open.isEmpty()
                ? List.of()
                : open.subList(0, open.size() - 1).stream()
                        .filter(title -> !title.isEmpty())
                        .toList();
        String title = open.isEmpty() ? path : open.get(open.size() - 1);
        sections.add(new Section(path, slug, trail, title, blocks));
    }

    /** A heading without its inline marks. */
    static String plain(String inline) {
        return inline.replaceAll("!?\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                .replaceAll("[`*]", "")
                .strip();
    }
}
