package io.handfast.bench;

import io.handfast.bench.client.Endpoint;
import io.handfast.server.Server;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A whole server in this process, with a log in memory, on a free port. */
public final class RunningServer implements AutoCloseable {
    private final Server server;

    /** @param settings by name, without the first part: {@code readiness.strategy} */
    public RunningServer(Map<String, String> settings) throws Exception {
        Map<String, String> flags = new HashMap<>(Map.of("handfast.port", "0", "handfast.log", "memory"));
        settings.forEach((name, value) -> flags.put("handfast." + name, value));
        server = Server.start(Configuration.load(new Sources(flags, Map.of(), Map.of(), Optional.empty())));
    }

    public InetSocketAddress address() {
        return server.address();
    }

    public Endpoint endpoint() {
        return Endpoint.of(server.address());
    }

    @Override
    public void close() {
        server.close();
    }
}
