package io.handfast.sim.world;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must hold at any moment. The first breach is kept and ends the world; it is not thrown, because what is checked here runs
 * inside of parts that catch whatever is thrown at them.
 */
final class Laws {
    private final Trace trace;
    private @Nullable Breach breach;

    Laws(Trace trace) {
        this.trace = trace;
    }

    /** @param otherwise what was found instead of what; asked only when the law is broken */
    void expect(boolean holds, String law, Supplier<String> otherwise) {
        if (!holds && breach == null) {
            String values = otherwise.get();
            trace.line("LAW", "%s: %s", law, values);
            breach = new Breach(law, values, trace.lastLines());
        }
    }

    @Nullable
    Breach breach() {
        return breach;
    }
}
