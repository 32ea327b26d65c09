package io.handfast.bench.report;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long something took, in nanoseconds, to three digits. */
public record Latency(long count, long p50, long p99, long p999, long max) {

    private static final int DIGITS = 3;

    /** What a histogram of nanoseconds says. */
    public static Latency of(Histogram histogram) {
        return new Latency(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue());
    }

    /** What these times, in nanoseconds, say. */
    public static Latency of(long[] nanos) {
        Histogram histogram = new Histogram(DIGITS);
        for (long one : nanos) {
            histogram.recordValue(one);
        }
        return of(histogram);
    }

    /** For programs, in milliseconds. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("count", count);
        json.put("p50_ms", millis(p50));
        json.put("p99_ms", millis(p99));
        json.put("p999_ms", millis(p999));
        json.put("max_ms", millis(max));
        return json;
    }

    @Override
    public String toString() {
        return count == 0
                ? "none"
                : String.format(
                        Locale.ROOT,
                        "p50 %.2f, p99 %.2f, p99.9 %.2f, max %.2f ms (%,d)",
                        millis(p50),
                        millis(p99),
                        millis(p999),
                        millis(max),
                        count);
    }

    private static double millis(long nanos) {
        return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
    }
}
