package io.handfast.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A log whose executors belong to the test.
 *
 * @param writer runs the writer when the test says so
 * @param loads runs what reads the store, in any order
 */
public record LateLog(LogUnderTest log, TaskQueue writer, TaskQueue loads) {

    public static LateLog over(Store store, LogLimits limits, LongSupplier clockMicros, long seed) {
        TaskQueue writer = new TaskQueue(seed);
        TaskQueue loads = new TaskQueue(seed);
        AtomicLong incarnations = new AtomicLong();
        EmbeddedThreadLog log = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                store,
                writer,
                loads,
                clockMicros,
                () -> Long.toString(incarnations.incrementAndGet()),
                limits,
                LogObserver.NONE));
        Runnable settle = () -> {
            boolean ran = true;
            while (ran) {
                ran = loads.runOne();
                ran |= writer.runOne();
            }
        };
        Runnable release = () -> {
            writer.release();
            loads.release();
        };
        return new LateLog(new LogUnderTest(log, settle, release), writer, loads);
    }
}
