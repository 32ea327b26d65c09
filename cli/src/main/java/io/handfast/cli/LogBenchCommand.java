package io.handfast.cli;

import io.handfast.bench.log.LogBench;
import io.handfast.bench.log.LogPart;
import io.handfast.bench.log.LogPlan;
import io.handfast.bench.report.Conditions;
import io.handfast.rocksdb.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code handfast bench log}: the log alone, without a socket. */
@Command(
        name = "log",
        mixinStandardHelpOptions = true,
        description = "Appends, reads and bytes on the disk of the log, and its distance from the bare engine.",
        footer = {
            "",
            "handfast bench log --part engine --rounds 9",
            "handfast bench log --dir /mnt/disk --json log.json"
        })
final class LogBenchCommand implements Callable<Integer> {
    private static final LogPlan USUAL = LogPlan.ofDefaults(Path.of(System.getProperty("java.io.tmpdir")));

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "Only these: append, engine, read, size. Default: all.")
    private Set<LogPart> parts = USUAL.parts();

    @Option(
            names = "--durability",
            paramLabel = "DURABILITY",
            split = ",",
            description = "Only these: memory, process, disk. Default: all.")
    private List<Durability> durabilities = USUAL.durabilities();

    @Option(
            names = "--conversations",
            paramLabel = "NUMBER",
            split = ",",
            description = "How many append at the same time. Default: 1,64,2000.")
    private List<Integer> conversations = USUAL.conversations();

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "Length of a round. Default: ${DEFAULT-VALUE}.")
    private int seconds = (int) USUAL.round().toSeconds();

    @Mixin
    private BenchRounds rounds = new BenchRounds(USUAL.rounds());

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        output.positive("--seconds", seconds);
        conversations.forEach(number -> output.positive("--conversations", number));
        LogPlan plan = new LogPlan(
                rounds.directory(),
                parts,
                durabilities,
                conversations,
                Duration.ofSeconds(seconds),
                rounds.count(output),
                USUAL.storedThreads(),
                USUAL.storedEvents());
        Map<String, Object> before = Conditions.now();
        output.figures(before, LogBench.run(plan, output::progress));
        return 0;
    }
}
