package io.handfast.bench.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The processor time that the threads of a process have used, by what they do. Linux only: read from {@code /proc}, in steps of
 * 10 ms for each thread. The time of a thread that has ended is in none of the kinds.
 *
 * @param seconds by kind
 */
public record CpuTimes(Map<Kind, Double> seconds) {
    /** The unit of {@code /proc/PID/stat} on every Linux that a JVM runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** In {@code stat}, counted from behind the name: user and system time. */
    private static final int USER_AT = 11;

    /** What threads are for. */
    public enum Kind {
        EVENT_LOOPS("handfast-io"),
        // The kernel keeps 15 characters of handfast-log-reader and handfast-log-writer.
        LOG_READERS("handfast-log-re|handfast-load"),
        LOG_WRITER("handfast-log"),
        AGENTS("handfast-agent|ForkJoinPool|VirtualThread"),
        ENGINE("rocksdb"),
        COLLECTOR("GC Thread|G1 "),
        COMPILER("C1 |C2 |Sweeper"),
        OTHERS("");

        private final String beginnings;

        Kind(String beginnings) {
            this.beginnings = beginnings;
        }

        private static Kind of(String thread) {
            for (Kind kind : values()) {
                if (thread.matches("(" + kind.beginnings + ").*")) {
                    return kind;
                }
            }
            return OTHERS;
        }
    }

    static CpuTimes of(long pid) throws IOException {
        Map<Kind, Double> seconds = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            seconds.put(kind, 0.0);
        }
        List<Path> threads;
        try (Stream<Path> all = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            threads = all.toList();
        }
        for (Path thread : threads) {
            try {
                String stat = Files.readString(thread.resolve("stat"));
                String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                double used =
                        (Long.parseLong(fields[USER_AT]) + Long.parseLong(fields[USER_AT + 1])) / TICKS_PER_SECOND;
                seconds.merge(Kind.of(name), used, Double::sum);
            } catch (NoSuchFileException e) {
                // It ended between the list and the look.
            }
        }
        return new CpuTimes(seconds);
    }

    /** What was used since an earlier look. */
    public CpuTimes since(CpuTimes earlier) {
        Map<Kind, Double> difference = new EnumMap<>(Kind.class);
        seconds.forEach((kind, now) ->
                difference.put(kind, Math.max(0, now - earlier.seconds.getOrDefault(kind, 0.0))));
        return new CpuTimes(difference);
    }

    public double of(Kind kind) {
        return seconds.getOrDefault(kind, 0.0);
    }

    public double total() {
        return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
