package io.handfast.cli;

import io.handfast.sim.world.Breach;
import io.handfast.sim.world.Campaign;
import io.handfast.sim.world.Seams;
import io.handfast.sim.world.World;
import io.handfast.sim.world.WorldReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast sim}: seeded worlds, to find what no test was written for. */
@Command(
        name = "sim",
        mixinStandardHelpOptions = true,
        description = "Lives through seeded worlds of clients, edges, crashes and faulty disks, and checks that the"
                + " guarantees hold in each.",
        footer = {
            "",
            "handfast sim --seeds 1..100000 --workers 2",
            "handfast sim --seconds 60                 as many as fit, from a seed that the clock gives",
            "handfast sim --seeds 4711 --trace         one world, with everything that happens in it",
            "Exit code 1 when a guarantee is broken. What the worlds are: docs/simulation.md"
        })
final class SimCommand implements Callable<Integer> {
    private static final Pattern SEEDS = Pattern.compile("([0-9]{1,18})(?:\\.\\.([0-9]{1,18}))?");
    private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LIVE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Option(
            names = "--seeds",
            paramLabel = "FROM[..TO]",
            description = "Which worlds. Default: from a seed of the clock on.")
    private @Nullable String seeds;

    @Option(names = "--seconds", paramLabel = "N", description = "No world begins later. Default: 60 without --seeds.")
    private long seconds;

    @Option(names = "--workers", paramLabel = "N", description = "Threads. Default: one for each processor.")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of a world before it heals. Default: " + World.STEPS + ".")
    private int steps = World.STEPS;

    @Option(names = "--past", description = "Begins with the seeds that once found something.")
    private boolean past;

    @Option(names = "--trace", description = "Shows everything that happens; for one seed.")
    private boolean trace;

    @Spec
    private @Nullable CommandSpec spec;

    private long saidNanos = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        if (workers < 1 || steps < 1 || seconds < 0) {
            throw wrong("--workers and --steps must be at least 1, --seconds at least 0");
        }
        PrintWriter out = out();
        long from = seeds == null ? System.currentTimeMillis() * 1_000 : range()[0];
        long to = seeds == null ? Long.MAX_VALUE : range()[1];
        if (trace) {
            return traced(out, from, to);
        }
        long nanosMax = seconds > 0
                ? TimeUnit.SECONDS.toNanos(seconds)
                : seeds == null ? TimeUnit.SECONDS.toNanos(60) : TimeUnit.DAYS.toNanos(365);
        LongStream first = past ? LongStream.of(Campaign.pastFailures()) : LongStream.empty();
        PrimitiveIterator.OfLong all =
                LongStream.concat(first, LongStream.rangeClosed(from, to)).iterator();
        boolean terminal = Terminal.canRewrite();
        out.printf("handfast sim: worlds from seed %d on, %d steps each, %d workers%n", from, steps, workers);
        out.flush();
        Campaign campaign = Campaign.run(all, workers, steps, nanosMax, Seams::none, now -> say(now, terminal));
        if (terminal) {
            out.print("\r\u001b[K");
        }
        summary(campaign, out);
        WorldReport failure = campaign.failure();
        if (failure != null) {
            show(failure, out);
        }
        out.flush();
        return failure == null ? 0 : 1;
    }

    private int traced(PrintWriter out, long from, long to) {
        if (from != to) {
            throw wrong("--trace shows one world: say which, as in --seeds 4711");
        }
        WorldReport report = World.run(from, steps, Seams.none(), out::println);
        out.printf(
                "seed %d: %d steps, %.1f s of its time, trace hash %016x%n",
                from, report.steps(), report.ageNanos() / 1e9, report.traceHash());
        Breach breach = report.breach();
        out.println(breach == null ? "every law held" : "BROKEN: " + breach.law() + ": " + breach.values());
        out.flush();
        return breach == null ? 0 : 1;
    }

    private long[] range() {
        Matcher range = SEEDS.matcher(Objects.requireNonNull(seeds));
        if (!range.matches()) {
            throw wrong("--seeds '" + seeds + "' are no seeds; allowed: a number, or a range such as 1..100000");
        }
        long from = Long.parseLong(range.group(1));
        long to = range.group(2) == null ? from : Long.parseLong(range.group(2));
        if (to < from) {
            throw wrong("--seeds '" + seeds + "' runs backwards; the smaller seed comes first");
        }
        return new long[] {from, to};
    }

    /** On a terminal a line that is rewritten; elsewhere a line every ten seconds. */
    private void say(Campaign campaign, boolean terminal) {
        long nowNanos = System.nanoTime();
        if (nowNanos - saidNanos < (terminal ? LIVE_NANOS : QUIET_NANOS)) {
            return;
        }
        saidNanos = nowNanos;
        String line = String.format(
                Locale.ROOT,
                "%,d worlds, %,d steps, %,.0f steps/s, %,d crashes, %,d connections",
                campaign.worlds(),
                campaign.steps(),
                campaign.steps() / campaign.seconds(),
                campaign.counts().of("crashes of a process") + campaign.counts().of("crashes of a machine"),
                campaign.counts().of("connections"));
        PrintWriter out = out();
        if (terminal) {
            out.print("\r\u001b[K" + line);
        } else {
            out.println(line);
        }
        out.flush();
    }

    private static void summary(Campaign campaign, PrintWriter out) {
        CountsSummary.lines(campaign.counts().byName()).forEach(out::println);
        out.printf(
                Locale.ROOT,
                "%,d worlds, %,d steps in %.1f s: %,.0f steps/s; %,d s of their own time%n",
                campaign.worlds(),
                campaign.steps(),
                campaign.seconds(),
                campaign.steps() / campaign.seconds(),
                campaign.virtualSeconds());
    }

    private void show(WorldReport report, PrintWriter out) {
        Breach breach = Objects.requireNonNull(report.breach());
        out.println("the last steps:");
        breach.lastLines().forEach(line -> out.println("  " + line));
        out.println("BROKEN in seed " + report.seed() + ": " + breach.law());
        out.println("  " + breach.values());
        out.println("all of it: handfast sim --seeds " + report.seed() + " --trace"
                + (steps == World.STEPS ? "" : " --steps " + steps));
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
