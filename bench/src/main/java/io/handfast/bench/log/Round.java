package io.handfast.bench.log;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one round measured.
 *
 * @param nanos of the clock on the wall
 * @param cpuNanos of the whole process, the harness, the engine's own threads and the garbage collector included
 * @param latencies in nanoseconds
 */
record Round(long events, long nanos, long cpuNanos, Histogram latencies) {
    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    static long cpuNow() {
        return PROCESS.getProcessCpuTime();
    }

    double perSecond() {
        return events * NANOS_PER_SECOND / nanos;
    }

    double microsPerEvent() {
        return nanos / NANOS_PER_MICRO / events;
    }

    double cpuMicrosPerEvent() {
        return cpuNanos / NANOS_PER_MICRO / events;
    }

    double percentileMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }
}
