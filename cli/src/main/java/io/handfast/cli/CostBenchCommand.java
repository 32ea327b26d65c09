package io.handfast.cli;

import io.handfast.bench.cost.CostBench;
import io.handfast.bench.cost.CostPlan;
import io.handfast.bench.report.Conditions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code handfast bench cost}: the whole server over sockets. */
@Command(
        name = "cost",
        mixinStandardHelpOptions = true,
        description = "What an event, an idle connection and an opened one cost the server, in a process of its own.",
        footer = {"", "handfast bench cost", "handfast bench cost --durability disk --seconds 10"})
final class CostBenchCommand implements Callable<Integer> {
    private static final CostPlan USUAL = CostPlan.ofDefaults(Path.of(System.getProperty("java.io.tmpdir")));

    @Option(
            names = "--durability",
            paramLabel = "DURABILITY",
            description = "Of the server: memory, process, disk. Default: ${DEFAULT-VALUE}.")
    private String durability = USUAL.durability();

    @Option(
            names = "--conversations",
            paramLabel = "NUMBER",
            description = "That are answered at the same time. Default: ${DEFAULT-VALUE}.")
    private int conversations = USUAL.conversations();

    @Option(names = "--idle", paramLabel = "NUMBER", description = "Idle connections. Default: ${DEFAULT-VALUE}.")
    private int idle = USUAL.idle();

    @Option(
            names = "--connects",
            paramLabel = "NUMBER",
            description = "Connections opened in a round. Default: ${DEFAULT-VALUE}.")
    private int connects = USUAL.connects();

    @Option(names = "--seconds", paramLabel = "NUMBER", description = "Length of a round. Default: ${DEFAULT-VALUE}.")
    private int seconds = (int) USUAL.round().toSeconds();

    @Mixin
    private BenchRounds rounds = new BenchRounds(USUAL.rounds());

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        output.positive("--conversations", conversations);
        output.positive("--idle", idle);
        output.positive("--connects", connects);
        output.positive("--seconds", seconds);
        CostPlan plan = new CostPlan(
                rounds.directory(),
                durability,
                conversations,
                Duration.ofSeconds(seconds),
                rounds.count(output),
                idle,
                connects);
        Map<String, Object> before = Conditions.now();
        output.figures(before, CostBench.run(plan, output::progress));
        return 0;
    }
}
