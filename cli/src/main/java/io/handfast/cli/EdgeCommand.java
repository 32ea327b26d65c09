package io.handfast.cli;

import io.handfast.sim.edge.Edge;
import io.handfast.sim.edge.EdgeConfig;
import io.handfast.sim.edge.EdgeLines;
import io.handfast.sim.edge.ProcessBackends;
import io.handfast.sim.edge.script.NamedScripts;
import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.script.ScriptException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code handfast edge}: a proxy that fails the way edges fail, in front of any WebSocket server. */
@Command(
        name = "edge",
        mixinStandardHelpOptions = true,
        description = "Stands before a WebSocket server and fails the way load balancers, proxies and networks fail.",
        footer = {
            "",
            "handfast edge --profile cloud-run --to 127.0.0.1:8080 --listen 9090",
            "handfast edge --script my.edge --to 127.0.0.1:8080 --to b=127.0.0.1:8081",
            "The language of scripts: docs/edges/scripts.md; profiles and their sources: docs/edges/profiles.md"
        })
final class EdgeCommand implements Callable<Integer> {
    @Option(names = "--profile", paramLabel = "NAME", description = "A script that comes along; --list shows them.")
    private @Nullable String profile;

    @Option(names = "--script", paramLabel = "FILE", description = "A script of your own.")
    private @Nullable Path file;

    @Option(
            names = "--to",
            paramLabel = "[NAME=]HOST:PORT",
            description = "The server; more of them, with names, for scripts that reroute. The first is the default.")
    private List<String> backends = List.of();

    @Option(
            names = "--listen",
            paramLabel = "[HOST:]PORT",
            defaultValue = "9090",
            description = "Where clients connect; 0 takes a free port. Default: 127.0.0.1:${DEFAULT-VALUE}.")
    private String listen = "9090";

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "Another value for a parameter of the script.")
    private Map<String, String> parameters = Map.of();

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Decides what the script leaves to chance. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--pid",
            paramLabel = "NAME=PID",
            description = "The process of a backend, for scripts that say sigterm.")
    private Map<String, Long> pids = Map.of();

    @Option(names = "--list", description = "Shows the names of the scripts that come along.")
    private boolean list;

    @Option(names = "--show", paramLabel = "NAME", description = "Shows such a script, to read or to copy.")
    private @Nullable String show;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command().commandLine().getOut();
        String shown = show;
        if (list) {
            NamedScripts.profiles().forEach(out::println);
            NamedScripts.race().forEach(out::println);
        } else if (shown != null) {
            out.print(scripted(() -> NamedScripts.text(shown)));
        } else {
            run(out);
        }
        out.flush();
        return 0;
    }

    private void run(PrintWriter out) throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        Termination.first(asked::countDown);
        try (Edge edge = open(out)) {
            asked.await();
            out.println("handfast edge ends with " + edge.open() + " connections open");
        }
    }

    /** Starts it and says where it listens. */
    Edge open(PrintWriter out) {
        Script script = script();
        EdgeConfig config = config().withSeed(seed)
                .withControl(new ProcessBackends(pids))
                .withListener(new EdgeLines(line -> {
                    out.println(line);
                    out.flush();
                }));
        try {
            Edge edge = Edge.start(config.withScript(script));
            InetSocketAddress address = edge.address();
            out.println("handfast edge on " + address.getHostString() + ":" + address.getPort() + " to "
                    + String.join(", ", backends) + " with " + script.name() + ", seed " + seed);
            out.flush();
            return edge;
        } catch (IOException | IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private Script script() {
        if ((profile == null) == (file == null)) {
            throw wrong("say either --profile NAME or --script FILE; --list shows the names");
        }
        return scripted(() -> {
            if (profile != null) {
                return NamedScripts.named(profile, parameters);
            }
            return Script.load(Objects.requireNonNull(file), parameters);
        });
    }

    private <T> T scripted(Callable<T> reading) {
        try {
            return reading.call();
        } catch (ScriptException e) {
            throw wrong(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            throw wrong("there is no file " + e.getMessage());
        } catch (Exception e) {
            throw wrong("the script cannot be read: " + e);
        }
    }

    private EdgeConfig config() {
        Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
        for (String backend : backends) {
            int equals = backend.indexOf('=');
            String name = equals < 0 ? EdgeConfig.DEFAULT_BACKEND : backend.substring(0, equals);
            if (addresses.put(name, address("--to", backend.substring(equals + 1))) != null) {
                throw wrong(
                        "--to names the backend '" + name + "' twice; give each a name of its own, as in b=HOST:PORT");
            }
        }
        if (addresses.isEmpty()) {
            throw wrong("say where the server is: --to HOST:PORT");
        }
        String where = listen.indexOf(':') < 0 ? "127.0.0.1:" + listen : listen;
        return EdgeConfig.to(addresses).withListen(address("--listen", where));
    }

    private InetSocketAddress address(String option, String text) {
        int colon = text.lastIndexOf(':');
        String port = text.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            throw wrong(option + " '" + text + "' is no address; allowed: HOST:PORT, such as 127.0.0.1:8080");
        }
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(port));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command().commandLine(), message);
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
