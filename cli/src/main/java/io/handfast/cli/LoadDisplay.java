package io.handfast.cli;

import io.handfast.bench.load.LoadPlan;
import io.handfast.bench.load.LoadRun;
import io.handfast.bench.load.LoadRun.Phase;
import io.handfast.bench.load.LoadTally;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows how a load goes: in place on a terminal, else a line every five seconds and at the change of a phase. */
final class LoadDisplay implements LoadRun.Progress, AutoCloseable {
    private static final double PLAIN_SECONDS = 5;
    private static final int BAR = 40;

    private final PrintWriter out;
    private final LoadPlan plan;
    private final boolean terminal;
    private Phase phase = Phase.OPENING;
    private double saidAt = -PLAIN_SECONDS;
    private int shown;
    private long eventsBefore;
    private double secondsBefore;

    private LoadDisplay(PrintWriter out, LoadPlan plan, boolean terminal) {
        this.out = out;
        this.plan = plan;
        this.terminal = terminal;
    }

    static LoadDisplay on(PrintWriter out, LoadPlan plan) {
        return new LoadDisplay(out, plan, Terminal.canRewrite());
    }

    @Override
    public void now(Phase next, LoadTally tally, double seconds) {
        if (terminal) {
            erase();
            List<String> lines = live(next, tally, seconds);
            lines.forEach(out::println);
            shown = lines.size();
        } else if (next != phase || seconds - saidAt >= PLAIN_SECONDS) {
            saidAt = seconds;
            out.println(String.format(
                    Locale.ROOT,
                    "%6.1f s %-8s ready %,d of %,d, sent %,d, answered %,d, events %,d, holes %,d",
                    seconds,
                    name(next),
                    tally.readyNow(),
                    plan.connections(),
                    tally.sentSoFar(),
                    tally.answeredSoFar(),
                    tally.eventsSoFar(),
                    tally.holesSoFar()));
        }
        phase = next;
        out.flush();
    }

    private List<String> live(Phase next, LoadTally tally, double seconds) {
        long events = tally.eventsSoFar();
        double rate = (events - eventsBefore) / Math.max(0.001, seconds - secondsBefore);
        eventsBefore = events;
        secondsBefore = seconds;
        List<String> lines = new ArrayList<>();
        lines.add(String.format(Locale.ROOT, "%s to %s, %.1f s", name(next), plan.endpoint(), seconds));
        lines.add(String.format(
                Locale.ROOT,
                "ready    [%s] %,d of %,d",
                bar(tally.readyNow(), plan.connections()),
                tally.readyNow(),
                plan.connections()));
        lines.add(String.format(
                Locale.ROOT,
                "answered [%s] %,d of %,d",
                bar(tally.answeredSoFar(), tally.sentSoFar()),
                tally.answeredSoFar(),
                tally.sentSoFar()));
        lines.add(String.format(Locale.ROOT, "events   %,d, %,.0f a second", events, rate));
        lines.add("ready time " + tally.readyTime());
        lines.add("event time " + tally.deliveryTime());
        lines.add(
                "closed " + tally.endsSoFar() + ", refused " + tally.refusalsSoFar() + ", holes " + tally.holesSoFar());
        return lines;
    }

    private static String bar(long part, long whole) {
        int filled = whole == 0 ? 0 : (int) Math.min(BAR, BAR * part / whole);
        return "#".repeat(filled) + ".".repeat(BAR - filled);
    }

    private static String name(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private void erase() {
        if (shown > 0) {
            out.print("\u001b[" + shown + "A\u001b[J"); // up, and erase from there
            shown = 0;
        }
    }

    /** Leaves the place to the report. */
    @Override
    public void close() {
        erase();
        out.flush();
    }
}
