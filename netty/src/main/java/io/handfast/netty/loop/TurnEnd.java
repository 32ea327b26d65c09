package io.handfast.netty.loop;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is to be done once at the end of the loop's turn, whatever the number of inputs that asked for it: what is due to
 * one connection leaves in one write. To be used on its executor only.
 */
public final class TurnEnd {
    private static final Logger LOG = LoggerFactory.getLogger(TurnEnd.class);

    private final EventExecutor executor;
    private List<Runnable> asked = new ArrayList<>();
    private List<Runnable> spare = new ArrayList<>();

    TurnEnd(EventExecutor executor) {
        this.executor = executor;
    }

    /** Runs the task behind all that the loop has queued already. The caller asks once in a turn. */
    public void ask(Runnable task) {
        if (asked.isEmpty()) {
            executor.execute(this::run);
        }
        asked.add(task);
    }

    private void run() {
        List<Runnable> now = asked;
        asked = spare;
        spare = now;
        for (Runnable task : now) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                // The others' turn ends all the same; the one that failed is closed by its own deadlines.
                LOG.error("the end of a turn failed", e);
            }
        }
        now.clear();
    }
}
