package io.handfast.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code handfast} command. */
@Command(
        name = "handfast",
        mixinStandardHelpOptions = true,
        versionProvider = Handfast.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BackUpCommand.class,
            BenchCommand.class,
            EdgeCommand.class,
            LoadCommand.class,
            RaceCommand.class,
            SimCommand.class
        },
        description =
                "A WebSocket gateway for AI-agent chat that proves each connection before the first event travels on it.")
public final class Handfast implements Runnable {
    private final CommandLine commandLine;

    private Handfast() {
        commandLine = new CommandLine(this);
        commandLine.addSubcommand(Serve.commandLine());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(Handfast::wrongUsage);
    }

    public static void main(String[] args) {
        System.exit(new Handfast().commandLine.execute(args));
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public void run() {
        throw new ParameterException(
                commandLine,
                "say what to do: handfast serve starts the server, backup copies its log, edge is an edge before one, load,"
                        + " race and bench measure one, sim lives through a world");
    }

    /** Says what is wrong and what may have been meant, and not a page of help behind which that would vanish. */
    private static int wrongUsage(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        if (wrong instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().get(0).startsWith("-")) {
            String first = unmatched.getUnmatched().get(0);
            Set<String> commands = new TreeSet<>(command.getSubcommands().keySet());
            err.println(
                    commands.isEmpty()
                            ? "'" + first + "' belongs to no option; " + takes(command.getCommandSpec())
                            : "there is no command '" + first + "'; there are: " + String.join(", ", commands));
        } else {
            err.println(wrong.getMessage());
            if (wrong instanceof UnmatchedArgumentException unmatched) {
                UnmatchedArgumentException.printSuggestions(unmatched, err);
            }
        }
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static String takes(CommandSpec command) {
        List<PositionalParamSpec> parameters = command.positionalParameters();
        return command.qualifiedName() + " takes "
                + (parameters.isEmpty()
                        ? "options only"
                        : "beside options only "
                                + parameters.stream()
                                        .map(PositionalParamSpec::paramLabel)
                                        .collect(Collectors.joining(" ")));
    }

    /** What the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Handfast.class.getPackage().getImplementationVersion();
            return new String[] {"handfast " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
