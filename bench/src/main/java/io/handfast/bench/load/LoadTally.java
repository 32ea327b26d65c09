package io.handfast.bench.load;

import io.handfast.bench.client.Fault;
import io.handfast.bench.report.Latency;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** What a load has seen so far. Any thread may count and read. */
public final class LoadTally {
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(24);
    private static final int DIGITS = 3;
    private static final int FAULTS_SHOWN = 20;

    private final LongAdder dialled = new LongAdder();
    private final LongAdder reached = new LongAdder();
    private volatile String unreachable = "";
    private final LongAdder readyOnce = new LongAdder();
    private final LongAdder turnedAway = new LongAdder();
    private final AtomicLong readyNow = new AtomicLong();
    private final LongAdder reconnects = new LongAdder();
    private final LongAdder holes = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> refusals = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> proofs = new ConcurrentHashMap<>();
    private final Histogram ready = histogram();
    private final Histogram acceptance = histogram();
    private final Histogram delivery = histogram();
    private final Histogram answer = histogram();
    private final LongAdder faults = new LongAdder();
    private final LongAdder faultyTranscripts = new LongAdder();
    private final List<Fault> shown = new ArrayList<>();

    private static Histogram histogram() {
        return new ConcurrentHistogram(LONGEST_NANOS, DIGITS);
    }

    private static void record(Histogram histogram, long nanos) {
        histogram.recordValue(Math.max(0, Math.min(LONGEST_NANOS, nanos)));
    }

    private static void count(Map<String, LongAdder> counts, String name) {
        counts.computeIfAbsent(name, fresh -> new LongAdder()).increment();
    }

    // ---- counting

    void dialled() {
        dialled.increment();
    }

    void reached() {
        reached.increment();
    }

    void unreachable(String why) {
        unreachable = why;
    }

    void ready(String proof, boolean first, long nanos) {
        readyNow.incrementAndGet();
        (first ? readyOnce : reconnects).increment();
        count(proofs, proof);
        record(ready, nanos);
    }

    void turnedAway() {
        turnedAway.increment();
    }

    void ended(String kind, boolean wasReady) {
        if (wasReady) {
            readyNow.decrementAndGet();
        }
        count(ends, kind);
    }

    void hole() {
        holes.increment();
    }

    void sent() {
        sent.increment();
    }

    void skipped() {
        skipped.increment();
    }

    void accepted(long nanos) {
        accepted.increment();
        record(acceptance, nanos);
    }

    void refused(String code) {
        count(refusals, code);
    }

    void events(long count, long deliveryNanos) {
        events.add(count);
        record(delivery, deliveryNanos);
    }

    void answered(boolean completed, long nanos) {
        (completed ? answered : failed).increment();
        record(answer, nanos);
    }

    void transcript(long count, List<Fault> some) {
        if (count == 0) {
            return;
        }
        faults.add(count);
        faultyTranscripts.increment();
        synchronized (shown) {
            some.stream().limit(FAULTS_SHOWN - shown.size()).forEach(shown::add);
        }
    }

    // ---- reading

    /** Clients that were told to connect. */
    public long dialledSoFar() {
        return dialled.sum();
    }

    /** Connections that the server took, whatever became of them. */
    long reachedSoFar() {
        return reached.sum();
    }

    /** Why the last attempt that did not get so far failed; empty without one. */
    String unreachableSoFar() {
        return unreachable;
    }

    /** Clients that were READY at least once. */
    public long readyOnceSoFar() {
        return readyOnce.sum();
    }

    /** Clients that were never READY and do not try again, as the server told them. */
    public long turnedAwaySoFar() {
        return turnedAway.sum();
    }

    /** Clients that are READY now. */
    public long readyNow() {
        return readyNow.get();
    }

    /** Connections that became READY beyond the first of their client. */
    public long reconnectsSoFar() {
        return reconnects.sum();
    }

    /** Connections that were given up because an event was missing. */
    public long holesSoFar() {
        return holes.sum();
    }

    /** Messages that were handed to a client. */
    public long sentSoFar() {
        return sent.sum();
    }

    /** Messages that were due while no client could take one more. */
    public long skippedSoFar() {
        return skipped.sum();
    }

    /** Messages that the server has. */
    public long acceptedSoFar() {
        return accepted.sum();
    }

    /** Answers that ended with {@code agent_completed}. */
    public long answeredSoFar() {
        return answered.sum();
    }

    /** Answers that ended in another way. */
    public long failedSoFar() {
        return failed.sum();
    }

    /** Events that came. */
    public long eventsSoFar() {
        return events.sum();
    }

    /** Ends of connections, by code. */
    public Map<String, Long> endsSoFar() {
        return sums(ends);
    }

    /** Errors of the protocol, by code. */
    public Map<String, Long> refusalsSoFar() {
        return sums(refusals);
    }

    /** Connections that became READY, by what that rests on. */
    public Map<String, Long> proofsSoFar() {
        return sums(proofs);
    }

    private static Map<String, Long> sums(Map<String, LongAdder> counts) {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((name, count) -> sums.put(name, count.sum()));
        return sums;
    }

    /** From the attempt to connect to {@code connection_ready}. */
    public Latency readyTime() {
        return Latency.of(ready);
    }

    /** From the moment at which a message was due to its {@code message_accepted}. */
    public Latency acceptanceTime() {
        return Latency.of(acceptance);
    }

    /** From the time stamp of an event to its arrival: right where both sides have one clock. */
    public Latency deliveryTime() {
        return Latency.of(delivery);
    }

    /** From the moment at which a message was due to the terminal event of its run. */
    public Latency answerTime() {
        return Latency.of(answer);
    }

    /** Everything that is wrong with transcripts. */
    public long faultsSoFar() {
        return faults.sum();
    }

    /** Transcripts with which something is wrong. */
    public long faultyTranscriptsSoFar() {
        return faultyTranscripts.sum();
    }

    /** Some of what is wrong. */
    public List<Fault> someFaults() {
        synchronized (shown) {
            return List.copyOf(shown);
        }
    }
}
