package io.handfast.bench.log;

import io.handfast.bench.report.Median;
import io.handfast.bench.report.Table;
import io.handfast.log.LogLimits;
import io.handfast.rocksdb.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Appends of many conversations at once, one event each, for each durability. */
final class AppendBench {
    private AppendBench() {}

    private record Row(Durability durability, int conversations, Contestant contestant) {}

    static Table run(LogPlan plan, Consumer<String> progress) throws Exception {
        List<Row> rows = new ArrayList<>();
        for (Durability durability : plan.durabilities()) {
            for (int conversations : plan.conversations()) {
                rows.add(new Row(durability, conversations, contestant(plan, durability, conversations)));
            }
        }
        Rounds.run(plan, rows.stream().map(Row::contestant).toList(), progress);
        Table table = new Table(
                "Appends of " + LogPlan.EVENT_BYTES + " bytes, each conversation waiting for its last one",
                "durability",
                "conversations",
                "events/s",
                "p50 µs",
                "p99 µs",
                "CPU µs/event");
        for (Row row : rows) {
            List<Round> rounds = row.contestant().rounds();
            table.row(
                    name(row.durability()),
                    row.conversations(),
                    Median.of(rounds, Round::perSecond),
                    Median.of(rounds, round -> round.percentileMicros(50)),
                    Median.of(rounds, round -> round.percentileMicros(99)),
                    Median.of(rounds, Round::cpuMicrosPerEvent));
        }
        return table;
    }

    private static Contestant contestant(LogPlan plan, Durability durability, int conversations) {
        Payloads payloads = ScratchLog.payloads();
        return new Contestant(name(durability) + ", " + conversations + " conversations", directory -> {
            try (ScratchLog scratch = ScratchLog.open(directory, durability, LogLimits.forDisk())) {
                return new AppendLoad(scratch.log(), scratch.converse(conversations), 1, payloads).run(plan.round());
            }
        });
    }

    static String name(Durability durability) {
        return durability.name().toLowerCase(Locale.ROOT);
    }
}
