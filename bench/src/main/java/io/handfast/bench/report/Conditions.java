package io.handfast.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Where and when figures were taken. */
public final class Conditions {
    private Conditions() {}

    /** As they are now. {@code load} is the average of the last minute: far above 0 means that others were at work. */
    public static Map<String, Object> now() {
        Map<String, Object> conditions = new LinkedHashMap<>();
        conditions.put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        conditions.put("cpu", firstLine("/proc/cpuinfo", "model name"));
        conditions.put("cores", Runtime.getRuntime().availableProcessors());
        conditions.put("memory", firstLine("/proc/meminfo", "MemTotal"));
        conditions.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        conditions.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        conditions.put("load", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        return conditions;
    }

    private static String firstLine(String file, String field) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(field))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown"; // there is no /proc outside Linux
        }
    }
}
