package io.handfast.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast bench}: what Handfast costs on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            CoalescingBenchCommand.class,
            CostBenchCommand.class,
            LogBenchCommand.class,
            ResumeBenchCommand.class
        },
        description = "Measures what Handfast costs on this machine. What the figures mean: docs/benchmarks.md")
final class BenchCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        CommandSpec command = Objects.requireNonNull(spec, "set by picocli");
        throw new ParameterException(
                command.commandLine(),
                "say what to measure: "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
