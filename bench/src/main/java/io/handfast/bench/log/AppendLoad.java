package io.handfast.bench.log;

import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadLog.Appended;
import io.handfast.protocol.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Appends one event at a time in each of many lanes: the next one goes out when the last one was answered. All lanes are
 * driven by the calling thread, and the log's writer only hands answers over to it, as it does to agents: the time that a
 * lane waits contains the way back to a thread that may have to be woken.
 */
final class AppendLoad {
    private static final int DIGITS = 3;

    /** How long the driver looks before it sleeps: otherwise the writer would wake it for nearly every answer of a group. */
    private static final long LOOK_NANOS = 10_000;

    private final ThreadLog log;
    private final Payloads payloads;
    private final List<Lane> lanes = new ArrayList<>();
    private final ConcurrentLinkedQueue<Lane> answered = new ConcurrentLinkedQueue<>();
    private volatile @Nullable Thread waiting;

    /**
     * @param lanesEach appends of each conversation that are under way at the same time
     */
    AppendLoad(ThreadLog log, List<Conversation> conversations, int lanesEach, Payloads payloads) {
        this.log = log;
        this.payloads = payloads;
        for (int i = 0; i < lanesEach; i++) {
            conversations.forEach(conversation -> lanes.add(new Lane(conversation)));
        }
    }

    private final class Lane {
        private final Conversation conversation;
        private long begunNanos;
        private @Nullable Outcome<Appended> answer;

        private Lane(Conversation conversation) {
            this.conversation = conversation;
        }

        private void append(long nowNanos) {
            begunNanos = nowNanos;
            var unused = log.append(conversation.threadId(), conversation.runId(), payloads.next())
                    .thenAccept(this::take);
        }

        private void take(Outcome<Appended> outcome) {
            answer = outcome;
            answered.add(this);
            Thread driver = waiting;
            if (driver != null) {
                LockSupport.unpark(driver);
            }
        }
    }

    /** Appends for so long, then waits for what is under way. */
    Round run(Duration duration) {
        Histogram latencies = new Histogram(DIGITS);
        long cpuBefore = Round.cpuNow();
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        for (Lane lane : lanes) {
            lane.append(System.nanoTime());
        }
        long events = 0;
        long now = begin;
        for (int underWay = lanes.size(); underWay > 0; ) {
            Lane lane = nextAnswered();
            ScratchLog.done(Objects.requireNonNull(lane.answer));
            now = System.nanoTime();
            latencies.recordValue(now - lane.begunNanos);
            events++;
            if (now < end) {
                lane.append(now);
            } else {
                underWay--;
            }
        }
        return new Round(events, now - begin, Round.cpuNow() - cpuBefore, latencies);
    }

    private Lane nextAnswered() {
        Lane lane = answered.poll();
        for (long begin = System.nanoTime(); lane == null && System.nanoTime() - begin < LOOK_NANOS; ) {
            Thread.onSpinWait();
            lane = answered.poll();
        }
        while (lane == null) {
            waiting = Thread.currentThread();
            lane = answered.poll();
            if (lane == null) {
                LockSupport.park(this);
                lane = answered.poll();
            }
            waiting = null;
        }
        return lane;
    }
}
