package io.handfast.cli;

import io.handfast.bench.delivery.CoalescingBench;
import io.handfast.bench.delivery.CoalescingPlan;
import io.handfast.bench.report.Conditions;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast bench coalescing}: readers that come back to a long answer. */
@Command(
        name = "coalescing",
        mixinStandardHelpOptions = true,
        description =
                "Frames, bytes and processor time of readers that resume a long answer, with and without coalescing.",
        footer = {"", "handfast bench coalescing --words 20000 --readers 10"})
final class CoalescingBenchCommand implements Callable<Integer> {
    private static final CoalescingPlan USUAL = CoalescingPlan.ofDefaults();

    @Option(names = "--words", paramLabel = "NUMBER", description = "Chunks of the answer. Default: ${DEFAULT-VALUE}.")
    private int words = USUAL.words();

    @Option(
            names = "--readers",
            paramLabel = "NUMBER",
            description = "How many resume at the same time. Default: ${DEFAULT-VALUE}.")
    private int readers = USUAL.readers();

    @Option(
            names = "--rounds",
            paramLabel = "NUMBER",
            description = "Rounds that count, behind one that warms up. Default: ${DEFAULT-VALUE}.")
    private int rounds = USUAL.rounds();

    @Mixin
    private BenchOutput output = new BenchOutput();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CoalescingPlan plan;
        try {
            plan = new CoalescingPlan(words, readers, rounds);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    Objects.requireNonNull(spec, "set by picocli").commandLine(), "--" + e.getMessage());
        }
        Map<String, Object> before = Conditions.now();
        output.figures(before, CoalescingBench.run(plan, output::progress));
        return 0;
    }
}
