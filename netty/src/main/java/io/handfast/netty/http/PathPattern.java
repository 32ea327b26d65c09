package io.handfast.netty.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A path with places: {@code /v1/threads/{thread_id}/events}. {@code {name}} stands for one segment; {@code {name...}}, last, for
 * the rest of the path, which may be empty.
 */
final class PathPattern {
    private final String text;
    private final List<String> segments;

    PathPattern(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with /: " + text);
        }
        this.text = text;
        this.segments = segments(text);
    }

    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (int from = 1; from <= path.length(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            segments.add(path.substring(from, to));
            from = to + 1;
        }
        return segments;
    }

    /**
     * What stands in the places, or null when the path is another one.
     *
     * @param path its segments, each decoded
     */
    @Nullable
    Map<String, String> match(List<String> path) {
        Map<String, String> captures = Map.of();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.endsWith("...}")) {
                String rest = rest(path, i);
                return rest == null ? null : with(captures, segment.substring(1, segment.length() - 4), rest);
            }
            if (i >= path.size()) {
                return null;
            }
            if (segment.startsWith("{")) {
                captures = with(captures, segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return path.size() == segments.size() ? captures : null;
    }

    /** Null for a path that could be taken for another one: with an encoded slash, or with steps upwards. */
    private static @Nullable String rest(List<String> path, int from) {
        List<String> segments = path.subList(Math.min(from, path.size()), path.size());
        boolean ambiguous = segments.stream()
                .anyMatch(segment -> segment.indexOf('/') >= 0 || segment.equals("..") || segment.equals("."));
        return ambiguous ? null : String.join("/", segments);
    }

    private static Map<String, String> with(Map<String, String> captures, String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(captures);
        more.put(name, value);
        return more;
    }

    @Override
    public String toString() {
        return text;
    }
}
