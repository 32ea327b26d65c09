package io.handfast.bench.cost;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.ClientSocket;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.SocketEnd;
import io.handfast.bench.client.SocketListener;
import io.handfast.bench.node.EventScan;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Connections that become READY, and count what comes. They prove themselves by the Pong of their stack. */
final class Visitors {
    private static final long PATIENCE_SECONDS = 60;

    private final ClientLoops loops;
    private final Dial dial;
    private final int dialling;
    private final Semaphore free;
    private final List<Visitor> visitors = new ArrayList<>();
    private final Histogram readyNanos = new ConcurrentHistogram(3);
    private final LongAdder frames = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

    /**
     * @param dialling how many may be on the way from the call to READY at the same time
     */
    Visitors(ClientLoops loops, Dial dial, int dialling) {
        this.loops = loops;
        this.dial = dial;
        this.dialling = dialling;
        this.free = new Semaphore(dialling);
    }

    /** Opens one; blocks while too many are on the way. */
    Visitor open(Map<String, String> query) throws InterruptedException {
        free.acquire();
        Visitor visitor = new Visitor();
        visitor.socket = loops.open(dial.withQuery(query), loops.next(), visitor);
        visitors.add(visitor);
        return visitor;
    }

    /** Waits until all are READY. */
    void awaitReady() throws InterruptedException {
        if (!free.tryAcquire(dialling, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException((dialling - free.availablePermits()) + " connections did not become READY");
        }
        free.release(dialling);
        check();
    }

    /** Fails when something came that should not have. */
    void check() {
        String why = wrong.get();
        if (why != null) {
            throw new IllegalStateException(why);
        }
    }

    List<Visitor> all() {
        return visitors;
    }

    /** From the call to READY, of each. */
    Histogram readyNanos() {
        return readyNanos;
    }

    /** Frames with events that have come. */
    long frames() {
        return frames.sum();
    }

    long events() {
        return events.sum();
    }

    /** Ends all, without a word. */
    void leave() {
        visitors.forEach(Visitor::leave);
        visitors.clear();
    }

    final class Visitor implements SocketListener {
        private final long begunNanos = System.nanoTime();
        private long seq;
        private boolean ready;
        private volatile boolean left;
        private volatile @Nullable ClientSocket socket;

        /** Sends a message; READY only. */
        void send(byte[] utf8) {
            ClientSocket mine = socket;
            if (mine != null) {
                mine.text(utf8);
            }
        }

        @Override
        public void text(byte[] utf8, long nowNanos) {
            if (!ready && EventScan.is(utf8, "connection_ready")) {
                ready = true;
                readyNanos.recordValue(nowNanos - begunNanos);
                free.release();
                return;
            }
            if (EventScan.is(utf8, "error")) {
                wrong.compareAndSet(null, "the server answers " + new String(utf8, StandardCharsets.UTF_8));
            }
            long last = EventScan.seq(utf8);
            if (last > 0 && EventScan.is(utf8, "agent_response_chunk")) {
                long first = EventScan.firstSeq(utf8);
                if (seq > 0 && first != seq + 1) {
                    wrong.compareAndSet(null, "event " + first + " came after " + seq);
                }
                seq = last;
                frames.increment();
                events.add(last - first + 1);
            }
        }

        @Override
        public void ended(SocketEnd end, long nowNanos) {
            if (!left) {
                wrong.compareAndSet(null, "a connection ended: " + end);
            }
            if (!ready) {
                ready = true;
                free.release();
            }
        }

        private void leave() {
            left = true;
            ClientSocket mine = socket;
            if (mine != null) {
                mine.abort();
            }
        }
    }
}
