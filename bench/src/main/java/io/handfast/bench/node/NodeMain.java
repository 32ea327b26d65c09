package io.handfast.bench.node;

import io.handfast.server.Server;
import io.handfast.server.StartFailedException;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.ConfigurationException;
import io.handfast.server.logging.Logging;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process of a {@link Node}: the server with its usual parts and the agent {@link Pour}. Arguments are settings,
 * {@code handfast.port=0}. Answers each line of standard input with one of standard output, and ends when there are no more.
 */
public final class NodeMain {
    static final String HEAP = "heap";
    static final String POURED = "poured";

    private NodeMain() {}

    public static void main(String[] settings) throws ConfigurationException, StartFailedException, IOException {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            flags.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        Configuration configuration = Configuration.load(Sources.ofProcess(flags, Optional.empty()));
        Logging.configure(
                configuration.settings().logLevel(), configuration.settings().logFormat());
        Pour pour = new Pour();
        try (Server server = Server.start(configuration, List.of(pour));
                BufferedReader questions =
                        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer(server.address().getPort());
            for (String question = questions.readLine(); question != null; question = questions.readLine()) {
                switch (question) {
                    case HEAP -> answer(heapBytes());
                    case POURED -> answer(pour.poured());
                    default -> throw new IOException("asked for '" + question + "'");
                }
            }
        }
    }

    private static void answer(long number) {
        System.out.println(number);
        System.out.flush();
    }

    /** After a collection, so that it is what is held. */
    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
