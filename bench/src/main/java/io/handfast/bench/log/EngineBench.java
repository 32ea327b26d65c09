package io.handfast.bench.log;

import io.handfast.bench.report.Median;
import io.handfast.bench.report.Table;
import io.handfast.log.LogLimits;
import io.handfast.rocksdb.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Fsynced groups of the log beside those of the bare engine, in one run. The log always finds more waiting than one group
 * holds, so that its groups are as large as the engine's batches and both pay for the same number of fsyncs.
 */
final class EngineBench {
    /** Events that share one fsync. */
    private static final int GROUP = 64;

    /** Events that wait while one group is written: four groups. */
    private static final int WAITING = 4 * GROUP;

    private EngineBench() {}

    static Table run(LogPlan plan, Consumer<String> progress) throws Exception {
        Contestant bare = new Contestant(
                "bare engine, batches of " + GROUP, directory -> BareEngine.run(directory, GROUP, plan.round()));
        Contestant one = log(plan, "log, groups of " + GROUP + " of 1 conversation", 1, GROUP);
        Contestant many = log(plan, "log, groups of " + GROUP + " of " + GROUP + " conversations", GROUP, GROUP);
        Contestant free = log(
                plan,
                "log, groups as they come, " + GROUP + " conversations",
                GROUP,
                LogLimits.forDisk().batchRequestsMax());
        List<Contestant> contestants = List.of(bare, one, many, free);
        Rounds.run(plan, contestants, progress);
        Table table = new Table(
                "Fsynced appends of " + LogPlan.EVENT_BYTES + " bytes beside the bare engine, " + WAITING
                        + " waiting; × is the median over the rounds of log / bare",
                "what",
                "events/s",
                "µs/event",
                "time ×",
                "CPU µs/event",
                "CPU ×");
        for (Contestant contestant : contestants) {
            table.row(
                    contestant.name(),
                    Median.of(contestant.rounds(), Round::perSecond),
                    Median.of(contestant.rounds(), Round::microsPerEvent),
                    ratio(contestant, bare, Round::microsPerEvent),
                    Median.of(contestant.rounds(), Round::cpuMicrosPerEvent),
                    ratio(contestant, bare, Round::cpuMicrosPerEvent));
        }
        return table;
    }

    private static Contestant log(LogPlan plan, String name, int conversations, int groupMax) {
        Payloads payloads = ScratchLog.payloads();
        LogLimits limits = limits(groupMax);
        return new Contestant(name, directory -> {
            try (ScratchLog scratch = ScratchLog.open(directory, Durability.DISK, limits)) {
                return new AppendLoad(scratch.log(), scratch.converse(conversations), WAITING / conversations, payloads)
                        .run(plan.round());
            }
        });
    }

    private static LogLimits limits(int groupMax) {
        LogLimits usual = LogLimits.forDisk();
        return new LogLimits(
                usual.recentBytesMax(),
                usual.residentThreadsMax(),
                usual.waitingBytesMax(),
                groupMax,
                usual.batchBytesMax(),
                usual.openRunsPerThreadMax(),
                usual.retention());
    }

    /** Rounds of the same number ran right behind each other: their ratio is hardly moved by what came and went. */
    private static double ratio(Contestant contestant, Contestant base, ToDoubleFunction<Round> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < base.rounds().size(); i++) {
            ratios.add(figure.applyAsDouble(contestant.rounds().get(i))
                    / figure.applyAsDouble(base.rounds().get(i)));
        }
        return Median.of(ratios, Double::doubleValue);
    }
}
