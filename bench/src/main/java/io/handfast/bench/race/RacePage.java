package io.handfast.bench.race;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A race as one page of HTML that needs nothing else: who got everything, how long it took, and every figure. */
public final class RacePage {
    private static final String FRAME = "page.html";

    private final RaceReport report;

    private RacePage(RaceReport report) {
        this.report = report;
    }

    /** The page. */
    public static String of(RaceReport report) {
        return new RacePage(report).html();
    }

    private String html() {
        StringBuilder sections = new StringBuilder();
        for (Reader reader : report.plan().readers()) {
            sections.append(section(reader));
        }
        return frame().replace("{{server}}", escaped(report.server()))
                .replace("{{conditions}}", escaped(conditions()))
                .replace("{{clients}}", Integer.toString(report.plan().clients()))
                .replace("{{spacing}}", Long.toString(report.plan().spacing().toMillis()))
                .replace("{{patience}}", Long.toString(report.plan().patience().toSeconds()))
                .replace("{{remarks}}", remarks())
                .replace("{{sections}}", sections)
                .replace(
                        "{{columns}}",
                        RaceTable.columns().stream()
                                .map(name -> "<th>" + name + "</th>")
                                .collect(Collectors.joining()))
                .replace(
                        "{{legend}}",
                        RaceTable.legend().stream()
                                .map(line -> "<li>" + escaped(line) + "</li>")
                                .collect(Collectors.joining()))
                .replace("{{rows}}", rows());
    }

    private String conditions() {
        return report.conditions().entrySet().stream()
                .map(condition -> condition.getKey() + " " + condition.getValue())
                .collect(Collectors.joining(", "));
    }

    private String remarks() {
        return Stream.concat(
                        report.remarks().stream(), report.omissions().stream().map(RaceTable::line))
                .map(line -> "<p><b>" + escaped(line) + "</b></p>")
                .collect(Collectors.joining());
    }

    private static String frame() {
        try (InputStream in = RacePage.class.getResourceAsStream(FRAME)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + FRAME + " is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String section(Reader reader) {
        List<Heat> heats = report.of(reader);
        List<Heat> proofs =
                heats.stream().filter(heat -> heat.strategy() == Strategy.PROOF).toList();
        String who = reader == Reader.PLAIN ? "A plain client" : "The page's client";
        String about = reader == Reader.PLAIN
                ? "Takes what comes once its handler is attached, looks at no seq, does not come back (tier transport)."
                : "Answers the validation from its handler and asks again for what is missing (tier application).";
        return "<section><h2>" + who + "</h2><p>" + about + "</p>" + matrix(heats)
                + "<h3>From the 101 to READY</h3>" + LatencyChart.of(heats, Heat::ready, heat -> 0)
                + "<h3>Proof: from the first question that got through to READY</h3>"
                + "<p>The mark is what is allowed: one round trip and 2 ms.</p>"
                + LatencyChart.of(proofs, Heat::proven, Heat::allowedNanos) + "</section>";
    }

    /** Edges down, strategies across. */
    private String matrix(List<Heat> heats) {
        StringBuilder html = new StringBuilder("<table class='matrix'><thead><tr><th></th>");
        for (Strategy strategy : report.plan().strategies()) {
            html.append("<th>").append(Policies.name(strategy)).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        Set<Course> courses = new LinkedHashSet<>();
        heats.forEach(heat -> courses.add(heat.course()));
        for (Course course : courses) {
            html.append("<tr><th><b>")
                    .append(escaped(course.name()))
                    .append("</b><small>")
                    .append(escaped(course.about()))
                    .append("</small></th>");
            for (Strategy strategy : report.plan().strategies()) {
                Optional<Heat> heat = heats.stream()
                        .filter(one -> one.course().equals(course) && one.strategy() == strategy)
                        .findFirst();
                html.append(heat.map(RacePage::cell).orElse("<td></td>"));
            }
            html.append("</tr>");
        }
        return html.append("</tbody></table>").toString();
    }

    private static String cell(Heat heat) {
        String grade = heat.whole() == heat.clients() && heat.lost() == 0 ? "good" : heat.whole() == 0 ? "bad" : "fair";
        return String.format(
                Locale.ROOT,
                "<td class='%s'><b>%s</b><small>%s worked, %.1f lost</small></td>",
                grade,
                RaceTable.percent(heat.whole(), heat.clients()),
                RaceTable.percent(heat.worked(), heat.clients()),
                heat.lostEach());
    }

    private String rows() {
        StringBuilder html = new StringBuilder();
        for (Heat heat : report.heats()) {
            html.append("<tr>");
            for (String value : RaceTable.cells(heat)) {
                html.append("<td>").append(escaped(value)).append("</td>");
            }
            html.append("</tr>");
        }
        return html.toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;");
    }
}
