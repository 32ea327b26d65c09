package io.handfast.cli;

import io.handfast.bench.client.Endpoint;
import io.handfast.bench.load.LoadPlan;
import io.handfast.bench.load.LoadReport;
import io.handfast.bench.load.LoadRun;
import io.handfast.bench.load.NoServerException;
import io.handfast.protocol.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast load}: many clients that ask and check what they are answered. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Opens connections, sends messages, and checks every transcript.",
            "Every client is a user with a thread of its own: it must get every event of it once, in order, and nothing else."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all transcripts are right, and enough succeeded",
            "1:a transcript is wrong, less than --success succeeded, or there is no server",
            "2:wrong usage"
        },
        footer = {
            "",
            "handfast load --to http://127.0.0.1:8080 --connections 1000 --rate 500 --seconds 30",
            "Latencies of messages count from the moment at which they were due. What they mean: docs/load.md"
        })
final class LoadCommand implements Callable<Integer> {
    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description = "The server, such as http://127.0.0.1:8080.")
    private String to = "";

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many clients. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--open-rate",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many of them open in a second. Default: ${DEFAULT-VALUE}.")
    private double openRate;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Messages a second, of all clients together; 0 holds the connections open only. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long messages are sent. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long READY and the last answers may take. Default: ${DEFAULT-VALUE}.")
    private int patience;

    @Option(
            names = "--agent",
            paramLabel = "NAME",
            defaultValue = "echo",
            description = "Who answers. Default: ${DEFAULT-VALUE}.")
    private String agent = "echo";

    @Option(
            names = "--words",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Words in each message beside its name; the agent echo answers each as a chunk. Default: ${DEFAULT-VALUE}.")
    private int words;

    @Option(
            names = "--chunk-delay-ms",
            paramLabel = "N",
            defaultValue = "0",
            description = "Pause of the agent echo before each chunk. Default: ${DEFAULT-VALUE}.")
    private long chunkDelayMillis;

    @Option(
            names = "--tier",
            defaultValue = "application",
            description = "What the clients promise: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Tier tier = Tier.application;

    @Option(
            names = "--source",
            paramLabel = "ADDRESS",
            split = ",",
            description =
                    "Addresses of this machine from which connections go out in turn, beyond some 28,000 of them: 127.0.0.1,127.0.0.2")
    private List<InetAddress> sources = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Event loops. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--success",
            paramLabel = "PERCENT",
            defaultValue = "99.5",
            description =
                    "The share of clients that must become READY, and of messages that must be answered. Default: ${DEFAULT-VALUE}.")
    private double success;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the result as JSON.")
    private @Nullable Path json;

    @Mixin
    private final Credentials credentials = new Credentials();

    @Spec
    private @Nullable CommandSpec spec;

    /** The names of spec/protocol.md, "Tiers". */
    enum Tier {
        application,
        transport
    }

    @Override
    public Integer call() throws InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec, "set by picocli");
        PrintWriter out = command.commandLine().getOut();
        LoadPlan plan = plan(command);
        Thread caller = Thread.currentThread();
        Termination.first(caller::interrupt);
        LoadReport report;
        try (LoadDisplay display = LoadDisplay.on(out, plan)) {
            report = LoadRun.run(plan, display);
        } catch (NoServerException e) {
            PrintWriter err = command.commandLine().getErr();
            err.println("handfast load: " + e.getMessage());
            err.flush();
            return 1;
        }
        report.lines().forEach(out::println);
        out.flush();
        if (json != null) {
            write(command, json, report);
        }
        return report.passed(success) ? 0 : 1;
    }

    private LoadPlan plan(CommandSpec command) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (chunkDelayMillis > 0) {
            options.put("chunk_delay_ms", chunkDelayMillis);
        }
        try {
            return new LoadPlan(
                    Endpoint.parse(to),
                    credentials.identities(),
                    connections,
                    openRate,
                    rate,
                    Duration.ofSeconds(seconds),
                    Duration.ofSeconds(patience),
                    agent,
                    words,
                    options,
                    tier == Tier.application ? "handfast.v1" : null,
                    sources,
                    threads,
                    "load-" + Long.toHexString(ThreadLocalRandom.current().nextLong()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private static void write(CommandSpec command, Path file, LoadReport report) {
        try {
            Files.write(file, Json.write(report.json()));
        } catch (IOException e) {
            throw new ParameterException(command.commandLine(), "--json " + file + " cannot be written: " + e, e);
        }
    }
}
