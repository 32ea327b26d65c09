package io.handfast.log;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The logs of all threads, and the only path from an agent to a reader.
 *
 * <p>Appends are atomic and are completed only when they are as durable as configured; until then no reader sees them.
 * Two heads keep that apart: the <em>assigned</em> head, which the order rules and the idempotency keys look at, and
 * the <em>committed</em> head, which readers look at. A batch that fails to commit rolls both back.
 *
 * <p>Every method may be called from any thread and none blocks. Stages complete on a thread of the log's choosing, in
 * which the callback must not block either; they never complete exceptionally (see {@link Outcome}).
 */
public interface ThreadLog extends AutoCloseable {

    /**
     * Opens a thread for its owner, and creates it when it does not exist: the thread belongs to {@code userId} from
     * then on. Refused {@code FORBIDDEN} when it belongs to somebody else.
     */
    CompletionStage<Outcome<ThreadHead>> claim(String threadId, String userId);

    /** The head of a thread, empty when there is none; creates nothing and checks no owner. */
    CompletionStage<Outcome<Optional<ThreadHead>>> head(String threadId);

    /**
     * Appends a {@code user_message} and with it opens the run that it starts. The message id is stored in the same
     * atomic write: a repeat is done with the first message's place and {@code duplicate}, after that one is durable.
     * Refused {@code FORBIDDEN} and {@code TOO_MANY_RUNS}.
     */
    CompletionStage<Outcome<Posted>> post(Post post);

    /**
     * Appends events of a run, all or none, as {@link RunOrder} allows. Refused {@code RUN_NOT_FOUND},
     * {@code RUN_ENDED}, and {@code INVALID_FIELD} for what breaks the order of a run.
     */
    CompletionStage<Outcome<Appended>> append(String threadId, String runId, List<EventDraft> events);

    /**
     * Opens a run that a producer feeds from outside, and creates its thread when there is none. The run id is the key of a
     * repeat. Refused {@code FORBIDDEN} and {@code TOO_MANY_RUNS}.
     */
    CompletionStage<Outcome<Opened>> open(Opening opening);

    /**
     * Appends what a producer sent, without what it sent before, all or none, as {@link RunOrder} allows; how far the producer
     * came is stored in the same atomic write. Refused {@code RUN_NOT_FOUND}, and {@code RUN_ENDED} for what is new.
     */
    CompletionStage<Outcome<Published>> publish(Batched batch);

    /**
     * Ends a run fed from outside with {@code agent_error} {@code deadline_exceeded} when its deadline or idle deadline is over
     * by the clock of the log. Refused {@code RUN_NOT_FOUND} and {@code RUN_ENDED}.
     */
    CompletionStage<Outcome<Expiry>> expire(String threadId, String runId);

    /**
     * How far a run has come: for its owner, who was refused {@code UNAVAILABLE} and does not know what was written all the same.
     * Decided behind everything that was asked for before, and only while the store can be written. Refused
     * {@code RUN_NOT_FOUND}.
     *
     * @param afterSeq where to begin to count its events
     */
    CompletionStage<Outcome<Progress>> progress(String threadId, String runId, long afterSeq);

    /** The run with this id. Refused {@code RUN_NOT_FOUND}. */
    CompletionStage<Outcome<RunRecord>> run(String runId);

    /** The run that a message started. Refused {@code RUN_NOT_FOUND}. */
    CompletionStage<Outcome<RunRecord>> runOfMessage(String threadId, String messageId);

    /**
     * Deletes a thread with its events, message ids and runs. Its epoch is over: readers are answered
     * {@link Slice.Deleted}, and a new thread of the same name has a new epoch. Done with false when there was none.
     * Refused {@code FORBIDDEN}.
     */
    CompletionStage<Outcome<Boolean>> delete(String threadId, String userId);

    /**
     * The threads of a user that have a message or a run that has ended, the most recently active first.
     *
     * @param after the last one of the page before; null for the first page
     * @param limit 1 or more
     */
    CompletionStage<Outcome<List<ThreadSummary>>> threads(String userId, @Nullable ThreadSummary after, int limit);

    /** All runs without a terminal event, oldest first: after a start, those whose process is gone. */
    CompletionStage<Outcome<List<RunRecord>>> openRuns();

    /**
     * Answers at once, from memory, what stands behind the cursor: at most {@code maxBytes} of events, but one event at
     * least when there is one. Allocates nothing for each event.
     */
    Slice tail(String threadId, Cursor after, int maxBytes);

    /** The same from wherever the events are; never completes with {@link Slice.Behind}. */
    CompletionStage<Slice> load(String threadId, Cursor after, int maxBytes);

    /** Calls {@code watcher} after every commit, until the registration is closed. */
    Watch watch(HeadWatcher watcher);

    /** Stops taking appends, commits those that wait, and marks the log as cleanly closed. Blocks until done. */
    @Override
    void close();

    /**
     * A user's message on its way into the log.
     *
     * @param runId the run to open; made by the caller, unique over all threads
     * @param agent the agent that the run is for
     * @param options a JSON object for the agent in UTF-8, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
    record Post(
            String threadId,
            String userId,
            String messageId,
            String text,
            String runId,
            String agent,
            byte @Nullable [] options) {}

    /** Where a message stands. */
    record Posted(long seq, String runId, boolean duplicate) {}

    /** The {@code seq} of the last event that was written. */
    record Appended(long seq) {}

    /**
     * A run that is to be fed from outside.
     *
     * @param callerId who opens it, and feeds it then
     * @param forUserId to whom the thread belongs, or is to belong; null for whoever owns it, or the caller when it is new
     * @param runId unique over all threads
     * @param deadlineMicros how long it may take, counted from {@code agent_started}
     * @param idleDeadlineMicros how long its producer may be silent
     */
    record Opening(
            String threadId,
            String callerId,
            @Nullable String forUserId,
            String runId,
            String agent,
            long deadlineMicros,
            long idleDeadlineMicros) {

        /**
         * Whose run it is going to be.
         *
         * @param existingOwnerId the owner of the thread; null when there is no such thread
         */
        public String ownerId(@Nullable String existingOwnerId) {
            if (forUserId != null) {
                return forUserId;
            }
            return existingOwnerId != null ? existingOwnerId : callerId;
        }
    }

    /** What became of the opening of a run. */
    sealed interface Opened {
        /** It is open now. */
        record Fresh(RunRecord run) implements Opened {}

        /** It had been opened before, and may have ended. */
        record Known(RunRecord run) implements Opened {}

        /** The id belongs to a run of another thread, or to one that a message started. */
        record Taken() implements Opened {}
    }

    /**
     * Consecutive events of a producer.
     *
     * @param producerSeq the number of the first one
     * @param events for each event of the producer what it comes to here: one event of the log or, in a foreign dialect, any
     *     number
     * @param dialect see {@link Producer}: where the reading of a foreign dialect stands behind the last event
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, compared by nobody
    record Batched(
            String threadId,
            String runId,
            long producerSeq,
            List<List<EventDraft>> events,
            byte @Nullable [] dialect) {}

    /** What became of a batch. */
    sealed interface Published {
        /**
         * It is in the log.
         *
         * @param seq of the last event of the run
         * @param nextProducerSeq what the producer is to send next
         * @param started whether it held the run's {@code agent_started}
         * @param terminal the type of the run's terminal event when it held that
         */
        record Written(
                long seq,
                long nextProducerSeq,
                boolean started,
                @Nullable EventType terminal) implements Published {}

        /** All of it was known: {@code seq} is that of the last event of the run. */
        record Known(long seq, long nextProducerSeq) implements Published {}

        /** Something is missing before it. */
        record Hole(long expectedProducerSeq) implements Published {}

        /** It breaks the order of the run. */
        record Broken(String why) implements Published {}
    }

    /** Whether a run fed from outside ran out of time. */
    sealed interface Expiry {
        record Ended(long seq) implements Expiry {}

        /** It has so long left as things stand. */
        record NotDue(long leftMicros) implements Expiry {}
    }

    /**
     * How far a run has come.
     *
     * @param openedSeq the head of the thread when it was opened, its own message included
     * @param events events of the run behind the {@code seq} that was asked about
     * @param lastSeq the last of them; the {@code seq} that was asked about when there are none
     */
    record Progress(long openedSeq, int events, long lastSeq, boolean ended) {}

    /**
     * A run as the log knows it.
     *
     * @param messageId the message that started it; null for a run fed from outside
     * @param openedSeq the head of the thread when it was opened, its own message included: its events stand behind
     * @param producer who feeds it from outside; null for a run that a message started
     */
    record RunRecord(
            String threadId,
            String runId,
            String ownerId,
            String agent,
            @Nullable String messageId,
            long openedSeq,
            boolean started,
            boolean ended,
            @Nullable Producer producer) {}

    /** Told which threads have a new committed head. Called by the writer once for each commit: hand over, return. */
    @FunctionalInterface
    interface HeadWatcher {
        void moved(Set<String> threadIds);
    }

    /** A registration of a {@link HeadWatcher}. */
    @FunctionalInterface
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
