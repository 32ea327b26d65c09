package io.handfast.bench.race;

import io.handfast.bench.report.Latency;
import io.handfast.server.config.Policies;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Times on a logarithmic scale as SVG: a dot at the median, a line to the 99th percentile, a mark at what is allowed. */
final class LatencyChart {
    private static final int LABELS = 190;
    private static final int WIDTH = 900;
    private static final int ROW = 16;
    private static final int TOP = 26;
    private static final double LEAST_MILLIS = 0.01;
    private static final double DECADES = 6;

    private final StringBuilder svg = new StringBuilder();
    private int y = TOP;

    private LatencyChart() {}

    /**
     * A chart with a row for each heat that has the time.
     *
     * @param allowed in nanoseconds; 0 for no mark
     */
    static String of(List<Heat> heats, Function<Heat, Latency> time, ToLongFunction<Heat> allowed) {
        LatencyChart chart = new LatencyChart();
        String course = "";
        for (Heat heat : heats) {
            Latency latency = time.apply(heat);
            if (latency.count() > 0) {
                boolean first = !heat.course().name().equals(course);
                course = heat.course().name();
                chart.row(first ? course : "", heat, latency, allowed.applyAsLong(heat));
            }
        }
        return chart.framed();
    }

    private void row(String label, Heat heat, Latency latency, long allowedNanos) {
        y += label.isEmpty() ? ROW : ROW + 6;
        String strategy = Policies.name(heat.strategy());
        double median = x(latency.p50());
        if (!label.isEmpty()) {
            svg.append(String.format(
                    Locale.ROOT, "<text x='%d' y='%d' class='label'>%s</text>", LABELS - 10, y + 4, label));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<g class='%s'><title>%s, %s: p50 %.2f ms, p99 %.2f ms</title>"
                        + "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d'/><circle cx='%.1f' cy='%d' r='4'/></g>",
                strategy,
                heat.course().name(),
                strategy,
                latency.p50() / 1e6,
                latency.p99() / 1e6,
                median,
                x(latency.p99()),
                y,
                y,
                median,
                y));
        if (allowedNanos > 0) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class='allowed' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/>",
                    x(allowedNanos),
                    x(allowedNanos),
                    y - 6,
                    y + 6));
        }
    }

    private static double x(long nanos) {
        double decades = Math.log10(Math.max(LEAST_MILLIS, nanos / 1e6) / LEAST_MILLIS);
        return LABELS + Math.min(1, decades / DECADES) * (WIDTH - LABELS - 20);
    }

    private String framed() {
        int height = y + 16;
        StringBuilder framed = new StringBuilder(String.format(
                Locale.ROOT, "<svg viewBox='0 0 %d %d' role='img' aria-label='times in milliseconds'>", WIDTH, height));
        double millis = LEAST_MILLIS;
        for (int decade = 0; decade <= DECADES; decade++, millis *= 10) {
            double x = x(Math.round(millis * 1e6));
            framed.append(String.format(
                    Locale.ROOT,
                    "<line class='grid' x1='%.1f' x2='%.1f' y1='%d' y2='%d'/><text x='%.1f' y='14' class='tick'>%s</text>",
                    x,
                    x,
                    TOP - 4,
                    height,
                    x,
                    tick(millis)));
        }
        return framed.append(svg).append("</svg>").toString();
    }

    private static String tick(double millis) {
        return millis < 999
                ? String.format(Locale.ROOT, millis < 0.9 ? "%.2g ms" : "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.0f s", millis / 1000);
    }
}
