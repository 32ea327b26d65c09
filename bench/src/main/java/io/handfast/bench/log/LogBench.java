package io.handfast.bench.log;

import io.handfast.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures the log of the server, on RocksDB, without a socket. */
public final class LogBench {
    private LogBench() {}

    /**
     * Runs the parts of a plan, on the calling thread and those of the log.
     *
     * @param progress told in one line what has just been measured
     * @return one table for each part
     * @throws Exception when the disk, the engine or the log fails
     */
    public static List<Table> run(LogPlan plan, Consumer<String> progress) throws Exception {
        List<Table> tables = new ArrayList<>();
        for (LogPart part : LogPart.values()) {
            if (plan.parts().contains(part)) {
                switch (part) {
                    case APPEND -> tables.add(AppendBench.run(plan, progress));
                    case ENGINE -> tables.add(EngineBench.run(plan, progress));
                    case READ -> tables.add(ReadBench.run(plan, progress));
                    case SIZE -> tables.add(SizeBench.run(plan, progress));
                }
            }
        }
        return tables;
    }
}
