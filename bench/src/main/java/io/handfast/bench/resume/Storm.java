package io.handfast.bench.resume;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.ClientSocket;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.SocketEnd;
import io.handfast.bench.client.SocketListener;
import io.handfast.bench.node.EventScan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Connections that come back at once, each with its last place in a thread, and read on until the end of the answer. */
final class Storm {
    private static final long PATIENCE_SECONDS = 120;

    private final ClientLoops loops;
    private final Dial dial;
    private final Semaphore dialling;
    private final CountDownLatch caughtUp;
    private final Histogram latencies = new ConcurrentHistogram(3);
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    private Storm(ClientLoops loops, Dial dial, int connections, int dialling) {
        this.loops = loops;
        this.dial = dial;
        this.dialling = new Semaphore(dialling);
        this.caughtUp = new CountDownLatch(connections);
    }

    /**
     * What a storm took.
     *
     * @param latencies nanoseconds from the call to the last event, for each connection
     */
    record Passed(double seconds, Histogram latencies) {}

    /**
     * Blocks until every connection has everything.
     *
     * @param threadIds to which the connections come back, in turn
     * @param afterSeq the last event that they had; {@code agent_completed} is the last that they get
     */
    static Passed run(
            ClientLoops loops, Dial dial, List<String> threadIds, long afterSeq, int connections, int dialling)
            throws InterruptedException {
        return new Storm(loops, dial, connections, dialling).run(threadIds, afterSeq, connections);
    }

    private Passed run(List<String> threadIds, long afterSeq, int connections) throws InterruptedException {
        List<Returning> all = new ArrayList<>(connections);
        long begin = System.nanoTime();
        for (int i = 0; i < connections; i++) {
            dialling.acquire();
            Returning client = new Returning(afterSeq);
            Map<String, String> query =
                    Map.of("thread_id", threadIds.get(i % threadIds.size()), "after_seq", Long.toString(afterSeq));
            client.socket = loops.open(dial.withQuery(query), loops.next(), client);
            all.add(client);
        }
        boolean done = caughtUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        double seconds = (System.nanoTime() - begin) / (double) TimeUnit.SECONDS.toNanos(1);
        all.forEach(Returning::leave);
        String why = wrong.get();
        if (why != null || !done) {
            throw new IllegalStateException(
                    why != null ? why : caughtUp.getCount() + " connections did not get everything");
        }
        return new Passed(seconds, latencies);
    }

    private final class Returning implements SocketListener {
        private final long begunNanos = System.nanoTime();
        private long seq;
        private boolean dialled;
        private volatile boolean over;
        private volatile @Nullable ClientSocket socket;

        private Returning(long afterSeq) {
            this.seq = afterSeq;
        }

        @Override
        public void opened(long nowNanos) {
            dialled = true;
            dialling.release();
        }

        @Override
        public void text(byte[] utf8, long nowNanos) {
            long last = EventScan.seq(utf8);
            if (last == 0 || over) {
                return;
            }
            if (EventScan.firstSeq(utf8) != seq + 1) {
                wrong.compareAndSet(null, "event " + EventScan.firstSeq(utf8) + " came after " + seq);
            }
            seq = last;
            if (EventScan.is(utf8, "agent_completed")) {
                over = true;
                latencies.recordValue(nowNanos - begunNanos);
                caughtUp.countDown();
            }
        }

        @Override
        public void ended(SocketEnd end, long nowNanos) {
            if (!dialled) {
                dialling.release();
            }
            if (!over) {
                wrong.compareAndSet(null, "a connection ended before it had everything: " + end);
            }
        }

        private void leave() {
            ClientSocket mine = socket;
            over = true;
            if (mine != null) {
                mine.abort();
            }
        }
    }
}
