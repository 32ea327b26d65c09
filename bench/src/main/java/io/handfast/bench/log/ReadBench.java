package io.handfast.bench.log;

import io.handfast.bench.report.Median;
import io.handfast.bench.report.ScratchDirectory;
import io.handfast.bench.report.Table;
import io.handfast.log.Cursor;
import io.handfast.log.LogLimits;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.rocksdb.Durability;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/** Reads the last events of conversations in random order: what a page asks for when it is opened, or comes back. */
final class ReadBench {
    private static final int LAST = 50;
    private static final int READ_BYTES_MAX = 1 << 20;
    private static final long SEED = 1;

    private ReadBench() {}

    private record Place(String threadId, Cursor cursor) {}

    @FunctionalInterface
    private interface Read {
        Slice at(Place place);
    }

    static Table run(LogPlan plan, Consumer<String> progress) throws Exception {
        try (ScratchDirectory old = new ScratchDirectory(plan.directory());
                ScratchDirectory recent = new ScratchDirectory(plan.directory())) {
            progress.accept("writing what is read");
            try (ScratchLog scratch = ScratchLog.open(old.path(), Durability.PROCESS, LogLimits.forDisk())) {
                scratch.fill(scratch.converse(plan.storedThreads()), plan.storedEvents());
            }
            Compaction.run(old.path());
            // A log that has just been opened has nothing in memory, and reading brings nothing there.
            try (ScratchLog disk = ScratchLog.open(old.path(), Durability.PROCESS, LogLimits.forDisk());
                    ScratchLog memory = ScratchLog.open(recent.path(), Durability.PROCESS, LogLimits.forDisk())) {
                memory.fill(memory.converse(plan.storedThreads()), LAST);
                Contestant fromMemory = contestant(
                        plan,
                        "memory",
                        memory.log(),
                        place -> memory.log().tail(place.threadId(), place.cursor(), READ_BYTES_MAX));
                Contestant fromDisk = contestant(
                        plan,
                        "disk, in the cache of the operating system",
                        disk.log(),
                        place -> disk.log()
                                .load(place.threadId(), place.cursor(), READ_BYTES_MAX)
                                .toCompletableFuture()
                                .join());
                List<Contestant> contestants = List.of(fromMemory, fromDisk);
                Rounds.run(plan, contestants, progress);
                return table(contestants);
            }
        }
    }

    private static Table table(List<Contestant> contestants) {
        Table table = new Table(
                "Reads of the last " + LAST + " events of a conversation, one at a time",
                "from",
                "reads/s",
                "p50 µs",
                "p99 µs",
                "CPU µs/read");
        for (Contestant contestant : contestants) {
            List<Round> rounds = contestant.rounds();
            table.row(
                    contestant.name(),
                    Median.of(rounds, round -> round.perSecond() / LAST),
                    Median.of(rounds, round -> round.percentileMicros(50)),
                    Median.of(rounds, round -> round.percentileMicros(99)),
                    Median.of(rounds, round -> round.cpuMicrosPerEvent() * LAST));
        }
        return table;
    }

    private static Contestant contestant(LogPlan plan, String name, ThreadLog log, Read read) {
        List<Place> places = new ArrayList<>(plan.storedThreads());
        for (int i = 0; i < plan.storedThreads(); i++) {
            String threadId = ScratchLog.conversation(i).threadId();
            Optional<ThreadHead> found =
                    ScratchLog.done(log.head(threadId).toCompletableFuture().join());
            ThreadHead head = found.orElseThrow();
            places.add(new Place(threadId, new Cursor(head.epoch(), head.headSeq() - LAST)));
        }
        return new Contestant(name, directory -> {
            Random random = new Random(SEED);
            Histogram latencies = new Histogram(3);
            long cpuBefore = Round.cpuNow();
            long begin = System.nanoTime();
            long end = begin + plan.round().toNanos();
            long reads = 0;
            long now = begin;
            while (now < end) {
                long readBegin = now;
                Slice slice = read.at(places.get(random.nextInt(places.size())));
                if (!(slice instanceof Slice.Events events) || events.entries().size() != LAST) {
                    throw new IllegalStateException("read something else than " + LAST + " events: " + slice);
                }
                now = System.nanoTime();
                latencies.recordValue(now - readBegin);
                reads++;
            }
            return new Round(reads * LAST, now - begin, Round.cpuNow() - cpuBefore, latencies);
        });
    }
}
