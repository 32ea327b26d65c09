package io.handfast.agents.docs;

import java.net.URI;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The links of a document, made to hold in an answer: there they are relative to the server, not to the document. */
final class Links {
    private static final Pattern LINK = Pattern.compile("(!?)\\[([^\\]]*)\\]\\(([^)\\s]+)[^)]*\\)");
    private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.*|/.*");

    private Links() {}

    static String resolved(String markdown, String path) {
        return LINK.matcher(markdown).replaceAll(link -> Matcher.quoteReplacement(resolved(link, path)));
    }

    private static String resolved(MatchResult link, String path) {
        String text = link.group(2);
        String target = link.group(3);
        if (!link.group(1).isEmpty()) {
            return text; // an image
        }
        if (ABSOLUTE.matcher(target).matches()) {
            return "[" + text + "](" + target + ")";
        }
        String absolute = target.startsWith("#")
                ? "/docs/" + path + target
                : URI.create("/docs/" + path).resolve(target).toString();
        boolean document = absolute.replaceFirst("#.*", "").endsWith(".md") && absolute.startsWith("/docs/");
        return document ? "[" + text + "](" + absolute + ")" : text; // other files are not served
    }
}
