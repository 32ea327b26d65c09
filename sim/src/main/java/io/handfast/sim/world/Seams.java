package io.handfast.sim.world;

import io.handfast.log.Store;
import io.handfast.log.ThreadLog;
import io.handfast.run.Conversations;
import io.handfast.run.LocalConversations;
import java.util.concurrent.CompletionStage;

/**
 * Where a test may put something faulty between the parts of a node, to see whether the world finds it. Each method is called once for
 * each start of a process, {@link #output} once for each connection. An instance belongs to one world.
 */
public interface Seams {
    /** Nothing between. */
    static Seams none() {
        return new Seams() {};
    }

    /** Between the log and its engine. */
    default Store store(Store store) {
        return store;
    }

    /** Between the log and everybody who uses it. */
    default ThreadLog log(ThreadLog log) {
        return log;
    }

    /** Between connections and conversations. */
    default Conversations conversations(Conversations conversations) {
        return conversations;
    }

    /** What closes the runs that an earlier process left open. */
    default CompletionStage<Integer> recover(LocalConversations conversations) {
        return conversations.recover();
    }

    /** The registry of the connections that read a thread. */
    default Watchers watchers() {
        return new Watchers();
    }

    /** Between the connection machine and the socket. */
    default Output output(Output output) {
        return output;
    }
}
