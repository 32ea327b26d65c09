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
import java.util.LinkedHashMap;
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
        return new CommandLine(new Serve().spec);
    }

    @Override
    public Integer call() {
        CommandLine commandLine = spec.commandLine();
        PrintWriter err = commandLine.getErr();
        try {
            Configuration configuration = Configuration.load(sources(commandLine.getParseResult()));
            Logging.configure(
                    configuration.settings().logLevel(),
                    configuration.settings().logFormat());
            run(configuration);
            return 0;
        } catch (ConfigurationException e) {
            err.println("handfast cannot start as it is configured:");
            e.mistakes().forEach(mistake -> err.println("  " + mistake));
            err.flush();
            return WRONG_USAGE;
        } catch (StartFailedException e) {
            err.println("handfast: " + e.getMessage());
            err.flush();
            return START_FAILED;
        }
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
