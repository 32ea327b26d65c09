package io.handfast.bench.race;

import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Where servers for a race come from. */
public interface Ground extends AutoCloseable {
    /**
     * The server for a strategy and settings, ready to take connections, or why they cannot be had. The one before may have
     * another strategy from now on.
     */
    Admission enter(Strategy strategy, Map<String, String> settings) throws IOException, InterruptedException;

    /** For people: what kind of server. */
    String about();

    /** For people: in what a strategy differs here from what its name promises. */
    Optional<String> remark(Strategy strategy);

    /** Puts everything back as it was. */
    @Override
    void close() throws IOException;
}
