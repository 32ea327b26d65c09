package io.handfast.log;

import java.util.concurrent.atomic.AtomicInteger;

/** A store that fails when the test says so. */
public final class FaultyStore extends ForwardingStore {
    private volatile Fault commits = Fault.NONE;
    private volatile boolean readsFail;
    private final AtomicInteger commitsSeen = new AtomicInteger();

    /** What a commit does. */
    public enum Fault {
        NONE,
        /** It fails, and wrote nothing. */
        LOST,
        /** It fails, and was written all the same: the answer got lost, not the write. */
        WRITTEN
    }

    public FaultyStore(Store store) {
        super(store);
    }

    public void commits(Fault fault) {
        commits = fault;
    }

    public void readsFail(boolean fail) {
        readsFail = fail;
    }

    /** How often a commit was asked for. */
    public int commitsSeen() {
        return commitsSeen.get();
    }

    @Override
    protected Store readable() throws StoreException {
        if (readsFail) {
            throw new StoreException("scripted: the store cannot be read");
        }
        return super.readable();
    }

    @Override
    public void commit(Batch batch) throws StoreException {
        commitsSeen.incrementAndGet();
        Fault fault = commits;
        if (fault != Fault.LOST) {
            super.commit(batch);
        }
        if (fault != Fault.NONE) {
            throw new StoreException("scripted: the store cannot be written");
        }
    }
}
