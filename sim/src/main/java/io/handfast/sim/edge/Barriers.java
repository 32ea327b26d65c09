package io.handfast.sim.edge;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which connections stand at which barrier. A barrier that was released stays open. Any thread may call. */
final class Barriers {
    private final Map<String, Set<EdgeConnection>> waiting = new HashMap<>();
    private final Set<String> released = new HashSet<>();

    /** Returns whether it is open already. */
    synchronized boolean await(String barrier, EdgeConnection connection) {
        if (released.contains(barrier)) {
            return true;
        }
        waiting.computeIfAbsent(barrier, name -> new LinkedHashSet<>()).add(connection);
        return false;
    }

    synchronized int waitingAt(String barrier) {
        return waiting.getOrDefault(barrier, Set.of()).size();
    }

    /** Returns those who waited. */
    synchronized Set<EdgeConnection> release(String barrier) {
        released.add(barrier);
        Set<EdgeConnection> freed = waiting.remove(barrier);
        return freed == null ? Set.of() : freed;
    }

    synchronized void gone(EdgeConnection connection) {
        waiting.values().forEach(connections -> connections.remove(connection));
    }
}
