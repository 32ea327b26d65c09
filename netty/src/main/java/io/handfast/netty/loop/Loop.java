package io.handfast.netty.loop;

import io.netty.channel.EventLoop;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What the channels of one event loop share. To be used on that loop only. */
public final class Loop {
    private final EventLoop executor;
    private final LoopRandom random = new LoopRandom();
    private final TurnEnd turnEnd;
    private final Set<Drainable> live = Collections.newSetFromMap(new IdentityHashMap<>());

    public Loop(EventLoop executor) {
        this.executor = executor;
        this.turnEnd = new TurnEnd(executor);
    }

    public EventLoop executor() {
        return executor;
    }

    public LoopRandom random() {
        return random;
    }

    public TurnEnd turnEnd() {
        return turnEnd;
    }

    /** Registers what must be told of a drain, until it is {@linkplain #forget forgotten}. */
    public void remember(Drainable drainable) {
        live.add(drainable);
    }

    public void forget(Drainable drainable) {
        live.remove(drainable);
    }

    /** Everything that lives here now. */
    public List<Drainable> live() {
        return List.copyOf(live);
    }
}
