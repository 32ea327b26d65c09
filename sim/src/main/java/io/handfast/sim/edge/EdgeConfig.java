package io.handfast.sim.edge;

import io.handfast.sim.edge.script.Action;
import io.handfast.sim.edge.script.Rule;
import io.handfast.sim.edge.script.Script;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How an edge runs.
 *
 * @param listen where it listens; port 0 takes a free one
 * @param backends where connections go, by name; the first is the default, the others are for {@code reroute}
 * @param script what it does to connections
 * @param seed decides what the script leaves to chance
 * @param listener hears what it does
 * @param control reaches the processes of the backends
 */
public record EdgeConfig(
        InetSocketAddress listen,
        Map<String, InetSocketAddress> backends,
        Script script,
        long seed,
        EdgeListener listener,
        BackendControl control) {
    /** The name of the backend when there is only one. */
    public static final String DEFAULT_BACKEND = "a";

    public EdgeConfig {
        if (backends.isEmpty()) {
            throw new IllegalArgumentException("an edge needs at least one backend");
        }
        backends = Collections.unmodifiableMap(new LinkedHashMap<>(backends));
        check(script, backends);
    }

    /** An edge on a free loopback port that passes everything to this backend unchanged. */
    public static EdgeConfig to(InetSocketAddress backend) {
        return to(Map.of(DEFAULT_BACKEND, backend));
    }

    /** An edge on a free loopback port that passes everything to the first of these backends unchanged. */
    public static EdgeConfig to(Map<String, InetSocketAddress> backends) {
        return new EdgeConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                backends,
                Script.transparent(),
                1,
                EdgeListener.SILENT,
                BackendControl.NONE);
    }

    public EdgeConfig withListen(InetSocketAddress value) {
        return new EdgeConfig(value, backends, script, seed, listener, control);
    }

    /** Adds a backend; the one that was there first stays the default. */
    public EdgeConfig withBackend(String name, InetSocketAddress address) {
        Map<String, InetSocketAddress> more = new LinkedHashMap<>(backends);
        more.put(name, address);
        return new EdgeConfig(listen, more, script, seed, listener, control);
    }

    public EdgeConfig withScript(Script value) {
        return new EdgeConfig(listen, backends, value, seed, listener, control);
    }

    public EdgeConfig withSeed(long value) {
        return new EdgeConfig(listen, backends, script, value, listener, control);
    }

    public EdgeConfig withListener(EdgeListener value) {
        return new EdgeConfig(listen, backends, script, seed, value, control);
    }

    public EdgeConfig withControl(BackendControl value) {
        return new EdgeConfig(listen, backends, script, seed, listener, value);
    }

    String defaultBackend() {
        return backends.keySet().iterator().next();
    }

    /** A script may only name backends that exist. */
    static void check(Script script, Map<String, InetSocketAddress> backends) {
        for (Rule rule : script.rules()) {
            for (Action action : rule.actions()) {
                if (action instanceof Action.Reroute reroute && !backends.containsKey(reroute.backend())) {
                    throw new IllegalArgumentException(
                            script.name() + ", line " + rule.line() + ": there is no backend '" + reroute.backend()
                                    + "'; there are: " + String.join(", ", backends.keySet()));
                }
            }
        }
    }
}
