package io.handfast.bench.race;

import io.handfast.bench.report.Latency;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The columns of a race, for terminals and documents. */
public final class RaceTable {
    private static final List<String> COLUMNS = List.of(
            "edge",
            "strategy",
            "who",
            "worked",
            "whole",
            "lost",
            "again",
            "101 p50",
            "101 p99",
            "ask p50",
            "ask p99",
            "asked",
            "conns",
            "proof");

    private RaceTable() {}

    /** What the columns mean. */
    public static List<String> legend() {
        return List.of(
                "worked  clients that got the end of the answer in time",
                "whole   clients that got every event, once and in order",
                "lost    events that the server counts as sent and that never arrived; for each client",
                "again   events that came a second time on one connection, or out of order",
                "101     ms from the 101 to READY, as the client sees it",
                "ask     ms from the first question that got through to READY; allowed: one round trip and 2 ms",
                "asked   questions of the server for each READY",
                "conns   connections for each client");
    }

    /** The line above those of {@link #line}. */
    public static String head() {
        return formatted(COLUMNS);
    }

    /** One heat. */
    public static String line(Heat heat) {
        return formatted(cells(heat));
    }

    /** In place of the heats that were not run. */
    public static String line(Omission omission) {
        return String.format(
                Locale.ROOT,
                "%-18s %-8s cannot be run: %s",
                omission.course().name(),
                Policies.name(omission.strategy()),
                omission.why());
    }

    private static String formatted(List<String> cells) {
        return String.format(
                        Locale.ROOT, "%-18s %-8s %-5s %7s %7s %7s %6s %9s %9s %9s %9s %6s %6s  %s", cells.toArray())
                .stripTrailing();
    }

    static List<String> columns() {
        return COLUMNS;
    }

    static List<String> cells(Heat heat) {
        boolean proof = heat.strategy() == Strategy.PROOF;
        return List.of(
                heat.course().name(),
                Policies.name(heat.strategy()),
                heat.reader().name().toLowerCase(Locale.ROOT),
                percent(heat.worked(), heat.clients()),
                percent(heat.whole(), heat.clients()),
                decimals(heat.lostEach()),
                Long.toString(heat.repeats()),
                millis(heat.ready(), heat.ready().p50()),
                millis(heat.ready(), heat.ready().p99()),
                proof ? millis(heat.proven(), heat.proven().p50()) : "",
                proof ? millis(heat.proven(), heat.proven().p99()) : "",
                decimals(heat.questions()),
                decimals(1 + (double) heat.reconnects() / heat.clients()),
                proofs(heat.proofs()));
    }

    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.0f%%", 100.0 * part / whole);
    }

    private static String decimals(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String millis(Latency of, long nanos) {
        return of.count() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }

    private static String proofs(Map<String, Integer> proofs) {
        return proofs.size() == 1
                ? proofs.keySet().iterator().next()
                : proofs.entrySet().stream()
                        .map(proof -> proof.getKey() + " " + proof.getValue())
                        .collect(Collectors.joining(", "));
    }
}
