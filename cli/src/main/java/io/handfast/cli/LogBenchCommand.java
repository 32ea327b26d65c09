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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            description = "Rounds that count, behind one that warms up. Default: ${DEFAULT-VALUE}.")
    private int rounds = USUAL.rounds();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "On the disk that is measured; some GB for a while. Default: the directory for temporary files.")
    private Path directory = USUAL.directory();

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        positive("--seconds", seconds);
        positive("--rounds", rounds);
        conversations.forEach(number -> positive("--conversations", number));
        LogPlan plan = new LogPlan(
                directory,
                parts,
                durabilities,
                conversations,
                Duration.ofSeconds(seconds),
                rounds,
                USUAL.storedThreads(),
                USUAL.storedEvents());
        Map<String, Object> before = Conditions.now();
        output.figures(before, LogBench.run(plan, output::progress));
        return 0;
    }

    private void positive(String option, int value) {
        if (value <= 0) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "set by picocli").commandLine(),
                    option + " is " + value + "; allowed: 1 or more");
        }
    }
}
