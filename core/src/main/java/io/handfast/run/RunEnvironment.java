package io.handfast.run;

import io.handfast.log.ThreadLog;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What runs live on.
 *
 * @param host does the agents' work
 * @param nanoClock monotonic, like {@link System#nanoTime}
 * @param runIds makes ids that are unique over all threads and processes
 */
public record RunEnvironment(
        ThreadLog log,
        AgentHost host,
        Scheduler scheduler,
        LongSupplier nanoClock,
        Supplier<String> runIds,
        RunObserver observer,
        RunLimits limits) {}
