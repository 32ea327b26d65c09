package io.handfast.sim.world;

import io.handfast.log.Batch;
import io.handfast.log.ForwardingStore;
import io.handfast.log.MemoryStore;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What outlives a process. It belongs to one process at a time. A crash loses what its durability does not protect, always a tail
 * of the commits; whoever opens it next gets new epochs, unless it is proven that nothing was lost (spec/protocol.md, epochs).
 */
final class Disk {
    /** What a commit survives; the meanings are those of {@code handfast.durability}. */
    enum Durability {
        MEMORY,
        PROCESS,
        DISK
    }

    /** What becomes of a commit. */
    enum Fault {
        NONE,
        /** It fails and has written nothing. */
        LOST,
        /** It fails and has written all: the acknowledgement is lost. */
        WRITTEN,
        /** The process dies before it. */
        DEATH_BEFORE,
        /** The process dies behind it. */
        DEATH_BEHIND
    }

    private final Ground ground;
    private final Durability durability;
    private final Dice dice;
    private final List<Batch> journal = new ArrayList<>();
    private MemoryStore engine = new MemoryStore("engine");
    private int flushed;
    private int generations;
    private String generation = "";
    private boolean provenWhole;
    private @Nullable Life holder;

    private Fault fault = Fault.NONE;
    private int faultPercent;
    private int readFaultPercent;
    private boolean slow;

    Disk(Ground ground, Durability durability) {
        this.ground = ground;
        this.durability = durability;
        this.dice = ground.dice().split();
    }

    // ---- misfortune

    /** From now on so many of a hundred commits meet this. */
    void commitsMeet(Fault newFault, int percent) {
        fault = newFault;
        faultPercent = percent;
    }

    void readsFail(int percent) {
        readFaultPercent = percent;
    }

    void slow(boolean nowSlow) {
        slow = nowSlow;
    }

    /** How long a commit takes. */
    long commitNanos() {
        return slow ? dice.millis(20, 900) : dice.micros(20, 2_000);
    }

    /** How long a read takes. */
    long readNanos() {
        return slow ? dice.millis(5, 400) : dice.micros(10, 3_000);
    }

    /** The process of the disk is gone, the machine perhaps with it. */
    void crash(boolean machine) {
        holder = null;
        boolean loses = durability == Durability.MEMORY || (durability == Durability.PROCESS && machine);
        provenWhole = !loses;
        if (loses && dice.chance(80)) {
            int kept = flushed + dice.below(journal.size() - flushed + 1);
            lose(kept);
        }
        flushed = journal.size();
    }

    private void lose(int kept) {
        int lost = journal.size() - kept;
        if (lost == 0) {
            return;
        }
        ground.trace().line("disk", "lost the last %s of %s commits", lost, journal.size());
        ground.counts().add("commits lost in crashes", lost);
        journal.subList(kept, journal.size()).clear();
        engine = new MemoryStore("engine");
        journal.forEach(engine::commit);
        ground.truth().lostAllBut(journal);
    }

    /**
     * Opens the disk for a process; null while another one has it.
     *
     * @param death what ends that process in the middle of a commit
     */
    @Nullable
    Store open(Life process, Runnable death) {
        if (holder != null && !holder.over()) {
            return null;
        }
        holder = process;
        if (!provenWhole) {
            generation = "g" + ++generations;
        }
        provenWhole = false;
        ground.truth().opened(generation);
        return new Opened(process, death);
    }

    private final class Opened extends ForwardingStore {
        private final Life process;
        private final Runnable death;

        Opened(Life process, Runnable death) {
            super(engine);
            this.process = process;
            this.death = death;
        }

        @Override
        protected Store readable() throws StoreException {
            if (process.over()) {
                throw new StoreException("the process is gone");
            }
            if (dice.chance(readFaultPercent)) {
                ground.counts().count("reads that failed");
                throw new StoreException("the disk cannot be read");
            }
            return super.readable();
        }

        @Override
        public String generation() {
            return generation;
        }

        @Override
        public void prepare() throws StoreException {
            if (process.over()) {
                throw new StoreException("the process is gone");
            }
        }

        @Override
        public void commit(Batch batch) throws StoreException {
            if (process.over()) {
                throw new StoreException("the process is gone");
            }
            Fault met = dice.chance(faultPercent) ? fault : Fault.NONE;
            switch (met) {
                case NONE -> apply(batch, true);
                case LOST, DEATH_BEFORE -> {}
                case WRITTEN, DEATH_BEHIND -> apply(batch, false);
            }
            if (met == Fault.NONE) {
                return;
            }
            ground.counts().count("commits: " + met);
            ground.trace().line("disk", "a commit meets %s", met.name());
            if (met == Fault.DEATH_BEFORE || met == Fault.DEATH_BEHIND) {
                death.run();
            }
            throw new StoreException("the disk cannot be written");
        }

        private void apply(Batch batch, boolean acknowledged) {
            engine.commit(batch);
            journal.add(batch);
            ground.counts().count("commits");
            if (durability == Durability.DISK || dice.chance(5)) {
                flushed = journal.size();
            }
            ground.truth().committed(batch, acknowledged);
        }

        @Override
        public void close() {
            if (!process.over()) {
                flushed = journal.size();
                provenWhole = true;
                holder = null;
            }
        }
    }
}
