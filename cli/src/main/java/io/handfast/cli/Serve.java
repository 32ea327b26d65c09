package io.handfast.cli;

import io.handfast.server.Server;
import io.handfast.server.StartFailedException;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.ConfigurationException;
import io.handfast.server.config.Flag;
import io.handfast.server.logging.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code handfast serve}: starts the server, says so in one line on standard output, and stays until SIGTERM or SIGINT. Its
 * options are the settings.
 */
final class Serve implements Callable<Integer> {
    private static final int WRONG_USAGE = 2;
    private static final int START_FAILED = 1;

    private final CommandSpec spec =
            CommandSpec.wrapWithoutInspection(this).name("serve").mixinStandardHelpOptions(true);

    private Serve() {
        spec.usageMessage()
                .description("Starts the server. SIGTERM lets it end in peace, within 8 seconds.")
                .customSynopsis("handfast serve [--host HOST] [--port PORT] [--config FILE] [OPTIONS]")
                .footer(
                        "",
                        "Every setting of docs/config.md is an option (--readiness-strategy), a variable",
                        "of the environment (HANDFAST_READINESS_STRATEGY) and a key of the file",
                        "(handfast.readiness.strategy). Secrets are no options:",
                        "HANDFAST_AUTH_JWT_SECRET comes from the environment or the file.");
        spec.addOption(OptionSpec.builder("--config")
                .paramLabel("FILE")
                .type(Path.class)
                .description("Settings in YAML.")
                .build());
        for (Flag flag : Flag.all()) {
            spec.addOption(OptionSpec.builder(flag.option())
                    .paramLabel(flag.label())
                    .type(String.class)
                    .description(flag.description())
                    .hidden(!flag.essential())
                    .build());
        }
    }

    static CommandLine commandLine() {
        // What is no option is told together with all other mistakes.
        return new CommandLine(new Serve().spec).setUnmatchedArgumentsAllowed(true);
    }

    @Override
    public Integer call() {
        CommandLine commandLine = spec.commandLine();
        PrintWriter err = commandLine.getErr();
        List<String> mistakes = noOptions(commandLine.getUnmatchedArguments());
        try {
            Configuration configuration = Configuration.load(sources(commandLine.getParseResult()));
            if (!mistakes.isEmpty()) {
                return wrong(mistakes, err);
            }
            Logging.configure(
                    configuration.settings().logLevel(),
                    configuration.settings().logFormat());
            run(configuration);
            return 0;
        } catch (ConfigurationException e) {
            mistakes.addAll(e.mistakes());
            return wrong(mistakes, err);
        } catch (StartFailedException e) {
            err.println("handfast: " + e.getMessage());
            err.flush();
            return START_FAILED;
        }
    }

    private static int wrong(List<String> mistakes, PrintWriter err) {
        err.println("handfast cannot start as it is configured:");
        mistakes.forEach(mistake -> err.println("  " + mistake));
        err.flush();
        return WRONG_USAGE;
    }

    /** What stands behind something that is no option may be its value, and is a mistake only when it stands alone. */
    private static List<String> noOptions(List<String> unmatched) {
        List<String> mistakes = new ArrayList<>();
        for (String argument : unmatched) {
            if (argument.startsWith("-")) {
                String option = argument.replaceFirst("=.*", "");
                mistakes.add(noOption(option));
            }
        }
        if (mistakes.isEmpty() && !unmatched.isEmpty()) {
            mistakes.add("'" + unmatched.get(0) + "' is no option; all begin with --, such as --port 8080");
        }
        return mistakes;
    }

    private static String noOption(String option) {
        Optional<String> secret = Flag.variableOfSecret(option);
        if (secret.isPresent()) {
            return option
                    + " is a secret, and secrets are no options, which every process of the machine can read; set "
                    + secret.get() + " in the environment, or the same in the file of --config";
        }
        return option + " is no option"
                + Flag.like(option)
                        .map(meant -> "; did you mean " + meant + "?")
                        .orElse("; docs/config.md lists them all");
    }

    private static Sources sources(ParseResult parsed) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (Flag flag : Flag.all()) {
            String value = parsed.matchedOptionValue(flag.option(), null);
            if (value != null) {
                flags.put(flag.key(), value);
            }
        }
        return Sources.ofProcess(flags, Optional.ofNullable(parsed.matchedOptionValue("--config", null)));
    }

    private static void run(Configuration configuration) throws StartFailedException {
        CountDownLatch asked = new CountDownLatch(1);
        Termination.first(asked::countDown);
        Server server = Server.start(configuration);
        System.out.println("handfast ready on " + server.url());
        System.out.flush();
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.drain();
    }
}
