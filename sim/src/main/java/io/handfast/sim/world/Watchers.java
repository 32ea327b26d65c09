package io.handfast.sim.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connections of a node that read a thread, as an event loop keeps them. */
public class Watchers {
    /** Told that the committed head of a thread moved. Compared by identity (F22). */
    public interface Reader {
        void headMoved(String threadId);

        /** Whose it is. */
        String userId();
    }

    private final Map<String, List<Reader>> readers = new LinkedHashMap<>();

    /** From the return on, no commit to the thread is missed. */
    public void add(String threadId, Reader reader) {
        readers.computeIfAbsent(threadId, id -> new ArrayList<>()).add(reader);
    }

    /** Removes this very reader. */
    public void remove(String threadId, Reader reader) {
        of(threadId).removeIf(other -> other == reader);
    }

    /** Those of a thread; a change of the list changes the registry. */
    protected final List<Reader> of(String threadId) {
        return readers.getOrDefault(threadId, new ArrayList<>());
    }

    final void moved(String threadId) {
        for (Reader reader : List.copyOf(of(threadId))) {
            reader.headMoved(threadId);
        }
    }
}
