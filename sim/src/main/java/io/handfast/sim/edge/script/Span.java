package io.handfast.sim.edge.script;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time span, or a range from which each use draws one: {@code 500ms}, {@code 50ms..150ms}. Nanoseconds, never negative. */
public record Span(long minNanos, long maxNanos) {
    static final String ALLOWED = "a time such as 250us, 500ms, 1.5s, 5m or 2h";

    private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(us|ms|s|m|h)");

    public Span {
        if (minNanos < 0 || maxNanos < minNanos) {
            throw new IllegalArgumentException(
                    "a span runs from a smaller to a greater time, not " + minNanos + ".." + maxNanos);
        }
    }

    public long draw(SplittableRandom random) {
        return minNanos == maxNanos ? minNanos : random.nextLong(minNanos, maxNanos + 1);
    }

    /** The span, multiplied. */
    Span times(double factor) {
        return new Span((long) (minNanos * factor), (long) (maxNanos * factor));
    }

    static Span parse(String word) {
        int dots = word.indexOf("..");
        if (dots < 0) {
            long nanos = nanos(word);
            return new Span(nanos, nanos);
        }
        long min = nanos(word.substring(0, dots));
        long max = nanos(word.substring(dots + 2));
        if (max < min) {
            throw new Complaint("'" + word + "' runs backwards; the smaller time comes first");
        }
        return new Span(min, max);
    }

    private static long nanos(String word) {
        Matcher time = TIME.matcher(word);
        if (!time.matches()) {
            throw new Complaint("'" + word + "' is no time; allowed: " + ALLOWED + ", or a range such as 50ms..150ms");
        }
        double unit = switch (time.group(2)) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
        };
        return Math.round(Double.parseDouble(time.group(1)) * unit);
    }

    /** For people: {@code 500ms}, {@code 1.5s}. */
    public static String show(long nanos) {
        if (nanos >= 1_000_000_000L) {
            return trimmed(nanos / 1e9) + "s";
        }
        return nanos >= 1_000_000L ? trimmed(nanos / 1e6) + "ms" : nanos / 1000 + "us";
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }
}
