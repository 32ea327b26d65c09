package io.handfast.cli;

import io.handfast.bench.report.Conditions;
import io.handfast.bench.resume.ResumeBench;
import io.handfast.bench.resume.ResumePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code handfast bench resume}: all connections of a node come back at once. */
@Command(
        name = "resume",
        mixinStandardHelpOptions = true,
        description = "How long it takes until connections that come back at once have what they missed.",
        footer = {"", "handfast bench resume", "handfast bench resume --connections 1000 --behind 50 --durability disk"
        })
final class ResumeBenchCommand implements Callable<Integer> {
    private static final ResumePlan USUAL = ResumePlan.ofDefaults(Path.of(System.getProperty("java.io.tmpdir")));

    @Option(names = "--connections", paramLabel = "NUMBER", description = "Default: ${DEFAULT-VALUE}.")
    private int connections = USUAL.connections();

    @Option(names = "--behind", paramLabel = "EVENTS", description = "That each has missed. Default: ${DEFAULT-VALUE}.")
    private int behind = USUAL.behind();

    @Option(
            names = "--dialling",
            paramLabel = "NUMBER",
            description = "Connections that are being opened at the same time. Default: ${DEFAULT-VALUE}.")
    private int dialling = USUAL.dialling();

    @Mixin
    private BenchRounds rounds = new BenchRounds(USUAL.rounds());

    @Option(
            names = "--durability",
            paramLabel = "DURABILITY",
            description = "Of the server: memory, process, disk. Default: ${DEFAULT-VALUE}.")
    private String durability = USUAL.durability();

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Override
    public Integer call() throws Exception {
        output.positive("--connections", connections);
        output.positive("--behind", behind);
        output.positive("--dialling", dialling);
        Map<String, Object> before = Conditions.now();
        ResumePlan plan =
                new ResumePlan(rounds.directory(), connections, behind, dialling, rounds.count(output), durability);
        output.figures(before, List.of(ResumeBench.run(plan, output::progress)));
        return 0;
    }
}
