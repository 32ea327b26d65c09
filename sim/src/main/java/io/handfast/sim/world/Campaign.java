package io.handfast.sim.world;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Many worlds, one seed after the other, on several threads; each world stays on one. Ends with the first breach. */
public final class Campaign {
    private static final String PAST_FAILURES = "past-failures.txt";

    private final PrimitiveIterator.OfLong seeds;
    private final int steps;
    private final Supplier<Seams> seams;
    private final long untilNanos;
    private final Consumer<Campaign> progress;
    private final Counts counts = new Counts();
    private final long begunNanos = System.nanoTime();
    private long worlds;
    private long stepsTaken;
    private long agesNanos;
    private @Nullable WorldReport failure;
    private @Nullable Throwable defect;

    private Campaign(
            PrimitiveIterator.OfLong seeds,
            int steps,
            long nanosMax,
            Supplier<Seams> seams,
            Consumer<Campaign> progress) {
        this.seeds = seeds;
        this.steps = steps;
        this.seams = seams;
        this.untilNanos = begunNanos + nanosMax;
        this.progress = progress;
    }

    /**
     * Runs worlds until the seeds are used up, the time is over, or a law is broken. Blocks until then.
     *
     * @param workers threads, 1 or more
     * @param nanosMax no world begins later than this
     * @param seams makes those of each world
     * @param progress told after each world, by one thread at a time; must return soon
     */
    public static Campaign run(
            PrimitiveIterator.OfLong seeds,
            int workers,
            int steps,
            long nanosMax,
            Supplier<Seams> seams,
            Consumer<Campaign> progress)
            throws InterruptedException {
        Campaign campaign = new Campaign(seeds, steps, nanosMax, seams, progress);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(campaign::work, "handfast-world-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable defect = campaign.defect;
        if (defect != null) {
            throw new IllegalStateException("a world could not be run to its end: " + defect, defect);
        }
        return campaign;
    }

    /** Seeds that once found something, oldest first; they are in a small file with a line for each. */
    public static long[] pastFailures() {
        try (InputStream file = Campaign.class.getResourceAsStream(PAST_FAILURES)) {
            if (file == null) {
                throw new IllegalStateException(PAST_FAILURES + " is missing in the jar");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .mapToLong(line -> Long.parseLong(line.split("\\s", 2)[0]))
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void work() {
        for (Long seed = next(); seed != null; seed = next()) {
            long mine = seed;
            try {
                take(World.run(mine, steps, seams.get(), null));
            } catch (RuntimeException | Error e) {
                fail(new IllegalStateException("seed " + mine + ": " + e, e));
                return;
            }
        }
    }

    private synchronized @Nullable Long next() {
        boolean goesOn = failure == null && defect == null && seeds.hasNext() && System.nanoTime() - untilNanos < 0;
        return goesOn ? seeds.next() : null;
    }

    private synchronized void take(WorldReport report) {
        worlds++;
        stepsTaken += report.steps();
        agesNanos += report.ageNanos();
        counts.addAll(report.counts());
        if (report.breach() != null && failure == null) {
            failure = report;
        }
        progress.accept(this);
    }

    private synchronized void fail(Throwable e) {
        defect = e;
    }

    /** Worlds that were lived to their end. */
    public synchronized long worlds() {
        return worlds;
    }

    public synchronized long steps() {
        return stepsTaken;
    }

    /** How long the worlds lasted in their own time, in seconds. */
    public synchronized long virtualSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(agesNanos);
    }

    /** Since the begin, in seconds of real time. */
    public double seconds() {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    /** What happened in all of them together. */
    public synchronized Counts counts() {
        return counts;
    }

    /** The world in which a law was broken; null when there was none. */
    public synchronized @Nullable WorldReport failure() {
        return failure;
    }
}
