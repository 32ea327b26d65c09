package io.handfast.bench.log;

import io.handfast.bench.report.ScratchDirectory;
import io.handfast.bench.report.Table;
import io.handfast.log.LogLimits;
import io.handfast.rocksdb.Durability;
import java.util.List;
import java.util.function.Consumer;

/** Bytes on the disk for each event once the engine has compacted everything. */
final class SizeBench {
    private SizeBench() {}

    static Table run(LogPlan plan, Consumer<String> progress) throws Exception {
        long events = (long) plan.storedThreads() * plan.storedEvents();
        progress.accept("writing and compacting " + events + " events");
        try (ScratchDirectory directory = new ScratchDirectory(plan.directory())) {
            try (ScratchLog scratch = ScratchLog.open(directory.path(), Durability.PROCESS, LogLimits.forDisk())) {
                List<Conversation> conversations = scratch.converse(plan.storedThreads());
                scratch.fill(conversations, plan.storedEvents());
            }
            Compaction.run(directory.path());
            double bytes = ScratchDirectory.bytes(directory.path(), ".sst");
            return new Table(
                            "On the disk after compaction, everything that belongs to a thread included",
                            "threads",
                            "events",
                            "JSON bytes/event",
                            "disk bytes/event")
                    .row(plan.storedThreads(), events, LogPlan.EVENT_BYTES, bytes / events);
        }
    }
}
