package io.handfast.cli;

import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Identities;
import io.handfast.bench.race.Calls;
import io.handfast.bench.race.Course;
import io.handfast.bench.race.Ground;
import io.handfast.bench.race.OwnGround;
import io.handfast.bench.race.Race;
import io.handfast.bench.race.RacePage;
import io.handfast.bench.race.RacePlan;
import io.handfast.bench.race.RaceReport;
import io.handfast.bench.race.RaceTable;
import io.handfast.bench.race.Reader;
import io.handfast.bench.race.RemoteGround;
import io.handfast.bench.report.Conditions;
import io.handfast.protocol.Json;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Settings.LogFormat;
import io.handfast.server.config.Settings.LogLevel;
import io.handfast.server.logging.Logging;
import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.script.ScriptException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast race}: the same edges against each way of becoming READY. */
@Command(
        name = "race",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the same scripted edges against each readiness strategy.",
            "Says for a plain client and the chat page's what arrived, what was lost and how long it took."
        },
        footer = {
            "",
            "handfast race --to self --edge all --connections 100 --html race.html",
            "handfast race --to http://127.0.0.1:8080 --strategies proof --edge my.edge",
            "What is measured, and what came out: docs/race.md"
        })
final class RaceCommand implements Callable<Integer> {
    /** For how long a process that ends tries to put the policy back: a server that starts again is there by then. */
    private static final Duration PUT_BACK_PATIENCE = Duration.ofSeconds(10);

    private static final Duration PUT_BACK_PAUSE = Duration.ofMillis(250);

    @Option(
            names = "--to",
            paramLabel = "URL|self",
            defaultValue = "self",
            description = "A server, or one in this process for each strategy. Default: ${DEFAULT-VALUE}.")
    private String to = "self";

    @Option(
            names = "--strategies",
            split = ",",
            paramLabel = "NAMES",
            defaultValue = "basic,timed,proof",
            description = "Default: ${DEFAULT-VALUE}.")
    private List<String> strategies = List.of();

    @Option(
            names = "--edge",
            split = ",",
            paramLabel = "NAME|all|FILE",
            defaultValue = "all",
            description =
                    "Edges of the race by name, all of them, or a script; --list shows the names. Default: ${DEFAULT-VALUE}.")
    private List<String> edges = List.of();

    @Option(
            names = "--clients",
            split = ",",
            paramLabel = "NAMES",
            defaultValue = "plain,page",
            description = "Who reads. Default: ${DEFAULT-VALUE}.")
    private List<String> clients = List.of();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100",
            description = "Clients in each heat. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--spacing-ms",
            paramLabel = "N",
            defaultValue = "20",
            description = "Between the starts of two clients. Default: ${DEFAULT-VALUE}.")
    private int spacingMillis;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "8",
            description = "By when a client must have its answer. Default: ${DEFAULT-VALUE}.")
    private int patienceSeconds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "200",
            description = "Clients that run unmeasured through each server first. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--seed", defaultValue = "1", description = "Of the edges. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--log",
            paramLabel = "memory|rocksdb",
            defaultValue = "memory",
            description = "The log of --to self. Default: ${DEFAULT-VALUE}.")
    private String log = "memory";

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "Another value for a parameter of a script in a FILE.")
    private Map<String, String> parameters = Map.of();

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the result as JSON.")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "Where to write the result as a page.")
    private @Nullable Path html;

    @Option(names = "--list", description = "Shows the edges that come along.")
    private boolean list;

    @Mixin
    private final Credentials credentials = new Credentials();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command().commandLine().getOut();
        if (list) {
            Course.all().forEach(course -> out.println(String.format("%-18s %s", course.name(), course.about())));
            out.flush();
            return 0;
        }
        // Every connection of a server in this process would have its line; only what goes wrong is of interest here.
        Logging.configure(LogLevel.WARN, LogFormat.TEXT);
        try {
            race(out);
            return 0;
        } catch (IOException e) {
            failed(e);
            return 1;
        }
    }

    private void race(PrintWriter out) throws IOException, InterruptedException {
        RacePlan plan = plan();
        Map<String, Object> conditions = Conditions.now();
        try (Ground ground = ground(plan.identities(), out);
                Race race = new Race(plan, ground)) {
            List<String> remarks = plan.strategies().stream()
                    .flatMap(strategy -> ground.remark(strategy).stream())
                    .toList();
            remarks.forEach(out::println);
            RaceTable.legend().forEach(out::println);
            out.println();
            out.println(RaceTable.head());
            out.flush();
            RaceProgress progress = new RaceProgress(out);
            race.run(progress);
            if (progress.heats().isEmpty()) {
                throw new IOException(
                        progress.omissions().isEmpty()
                                ? "nothing was raced: these edges are for the strategy proof only"
                                : "nothing was raced, for the reasons above");
            }
            // Before the ground is closed, which may fail.
            write(new RaceReport(plan, conditions, ground.about(), remarks, progress.heats(), progress.omissions()));
        }
    }

    private Ground ground(Identities identities, PrintWriter out) throws IOException, InterruptedException {
        if (!to.equals("self")) {
            RemoteGround remote = RemoteGround.at(new Calls(endpoint()), identities.of("race-admin"));
            remote.policyBefore().ifPresent(policy -> {
                out.println("policy of " + endpoint() + ", put back at the end: " + policy);
                // Also when a signal ends the process, or the terminal goes away; the race may still be running then.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> putBack(remote), "race-put-back"));
            });
            return remote;
        }
        if (!log.equals("memory") && !log.equals("rocksdb")) {
            throw wrong("--log is '" + log + "'; allowed: memory, rocksdb");
        }
        return new OwnGround(log);
    }

    /** In a process that ends: tries until the server takes its policy, or the patience is at its end, and says which. */
    private void putBack(RemoteGround remote) {
        if (remote.isBack()) {
            return;
        }
        long beginNanos = System.nanoTime();
        IOException failure = attempt(remote);
        while (failure != null && System.nanoTime() - beginNanos < PUT_BACK_PATIENCE.toNanos()) {
            LockSupport.parkNanos(PUT_BACK_PAUSE.toNanos());
            failure = attempt(remote);
        }
        if (failure == null) {
            tell(endpoint() + " has its policy back");
        } else {
            failed(failure);
        }
    }

    private static @Nullable IOException attempt(RemoteGround remote) {
        try {
            remote.close();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** What is suppressed is a policy that was not put back, behind what ended the race. */
    private void failed(IOException e) {
        tell(e.getMessage());
        Arrays.stream(e.getSuppressed()).forEach(suppressed -> tell(suppressed.getMessage()));
    }

    private void tell(@Nullable String sentence) {
        PrintWriter err = command().commandLine().getErr();
        err.println("handfast race: " + sentence);
        err.flush();
    }

    private Endpoint endpoint() {
        try {
            return Endpoint.parse(to);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage() + ", or self");
        }
    }

    private RacePlan plan() {
        try {
            return new RacePlan(
                    named(Strategy.class, "--strategies", strategies),
                    courses(),
                    named(Reader.class, "--clients", clients),
                    connections,
                    Duration.ofMillis(spacingMillis),
                    Duration.ofSeconds(patienceSeconds),
                    seed,
                    warmUp,
                    credentials.identities());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private List<Course> courses() {
        List<Course> courses = new ArrayList<>();
        for (String edge : edges) {
            if (edge.equals("all")) {
                courses.addAll(Course.all());
            } else if (Files.isRegularFile(Path.of(edge))) {
                courses.add(Course.of(String.valueOf(Path.of(edge).getFileName()), edge, script(Path.of(edge))));
            } else {
                courses.add(Course.named(edge));
            }
        }
        return courses;
    }

    private Script script(Path file) {
        try {
            return Script.load(file, parameters);
        } catch (ScriptException e) {
            throw wrong(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw wrong("the script " + file + " cannot be read: " + e);
        }
    }

    private static <E extends Enum<E>> List<E> named(Class<E> type, String option, List<String> names) {
        List<E> all = Arrays.asList(type.getEnumConstants());
        List<E> chosen = new ArrayList<>();
        for (String name : names) {
            chosen.add(all.stream()
                    .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(option + " '" + name + "' is not known; allowed: "
                            + all.toString().toLowerCase(Locale.ROOT))));
        }
        return chosen;
    }

    private void write(RaceReport report) throws IOException {
        if (json != null) {
            Files.write(json, Json.write(report.json()));
        }
        if (html != null) {
            Files.write(html, RacePage.of(report).getBytes(StandardCharsets.UTF_8));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command().commandLine(), message);
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
