package io.handfast.netty;

import io.handfast.log.Entry;
import io.handfast.log.ForwardingStore;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadRecord;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts how often events are read from a store. */
final class CountedStore extends ForwardingStore {
    final AtomicInteger reads = new AtomicInteger();
    final AtomicInteger lookUps = new AtomicInteger();

    CountedStore(Store store) {
        super(store);
    }

    @Override
    public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes) throws StoreException {
        reads.incrementAndGet();
        return super.read(thread, fromSeq, toSeq, maxBytes);
    }

    @Override
    public @Nullable ThreadRecord thread(String threadId) throws StoreException {
        lookUps.incrementAndGet();
        return super.thread(threadId);
    }
}
