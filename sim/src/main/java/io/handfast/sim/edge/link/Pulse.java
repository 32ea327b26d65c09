package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Action;
import io.handfast.sim.edge.wire.Side;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When each side was last heard of, and the idle limits that watch it. */
final class Pulse {
    /** An idle limit and the line that set it. */
    record Limit(int line, Action.IdleKill kill) {}

    private final EnumMap<Side, Long> bytesNanos = new EnumMap<>(Side.class);
    private final EnumMap<Side, Long> dataNanos = new EnumMap<>(Side.class);
    private final List<Limit> limits = new ArrayList<>();

    Pulse(long nowNanos) {
        for (Side side : Side.values()) {
            bytes(side, nowNanos);
            data(side, nowNanos);
        }
    }

    void bytes(Side from, long nowNanos) {
        bytesNanos.put(from, nowNanos);
    }

    void data(Side from, long nowNanos) {
        dataNanos.put(from, nowNanos);
    }

    void watch(Limit limit) {
        limits.add(limit);
    }

    /** The limit that is exceeded now. */
    @Nullable
    Limit exceeded(long nowNanos) {
        for (Limit limit : limits) {
            if (nowNanos >= deadlineNanos(limit)) {
                return limit;
            }
        }
        return null;
    }

    long deadlineNanos() {
        long earliest = Long.MAX_VALUE;
        for (Limit limit : limits) {
            earliest = Math.min(earliest, deadlineNanos(limit));
        }
        return earliest;
    }

    private long deadlineNanos(Limit limit) {
        EnumMap<Side, Long> heard = limit.kill().counting() == Action.Counting.BYTES ? bytesNanos : dataNanos;
        long latest = Long.MIN_VALUE;
        for (Side side : limit.kill().from()) {
            latest = Math.max(latest, heard.getOrDefault(side, Long.MIN_VALUE));
        }
        return latest + limit.kill().idleNanos();
    }
}
