package io.handfast.run;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of one run between its agent and the log, without thread, clock or I/O: what waits to be appended, what is being
 * appended, whether the end is decided, and when a refused append is due again. Not thread-safe.
 *
 * <p>At most one append is under way. What comes meanwhile waits and goes out as one batch with the next. The terminal event is
 * the last that ever waits, so no event can follow it.
 */
final class RunMachine {
    private final RunLimits limits;

    /** Not durable yet, oldest first; the first {@link #inFlight} of them are being appended. */
    private final List<EventDraft> drafts = new ArrayList<>();

    private int inFlight;
    private int undurableBytes;
    private boolean opened;
    private boolean begun;
    private boolean over;
    private @Nullable EventType terminal;
    private boolean pausing;
    private int refusals;

    /** How many of the first drafts were refused and may be written all the same, and whether the end is among them. */
    private int doubtful;

    private boolean endDoubtful;
    private long refusedSinceNanos;

    RunMachine(RunLimits limits) {
        this.limits = limits;
    }

    /** The log holds the message that opens the run: from now on events may be appended. */
    void opened() {
        opened = true;
    }

    /** The run's turn has come. False when its end is decided already: then there is nothing to begin. */
    boolean begin(EventDraft started) {
        if (terminal != null || over) {
            return false;
        }
        begun = true;
        add(started);
        return true;
    }

    boolean begun() {
        return begun;
    }

    /** Whether an event would be taken now. */
    RunFeed.Offer room() {
        if (terminal != null || over) {
            return RunFeed.Offer.ENDED;
        }
        return drafts.size() < limits.undurableEventsMax() && undurableBytes < limits.undurableBytesMax()
                ? RunFeed.Offer.TAKEN
                : RunFeed.Offer.FULL;
    }

    /** Adds an event behind those that wait; only when there is {@link #room}. */
    void add(EventDraft draft) {
        drafts.add(draft);
        undurableBytes += draft.payload().length;
    }

    /** Decides how the run ends. False when that was decided before. */
    boolean end(EventDraft draft) {
        if (terminal != null || over) {
            return false;
        }
        terminal = draft.type();
        add(draft);
        return true;
    }

    /** How the run ends; null while that is open, or when it ended without our doing. */
    @Nullable
    EventType terminal() {
        return terminal;
    }

    /** Whether nothing more is to be done: the terminal event is durable, or the run ended elsewhere. */
    boolean over() {
        return over;
    }

    /** The run never came to be, or another ended it: what waits has no place any more. */
    void abandon() {
        over = true;
        drafts.clear();
        inFlight = 0;
        doubtful = 0;
    }

    /** The events to append now, empty when there are none or an append is under way. Its outcome is due. */
    List<EventDraft> nextBatch() {
        if (over || !opened || pausing || doubtful > 0 || inFlight > 0 || drafts.isEmpty()) {
            return List.of();
        }
        inFlight = drafts.size();
        return List.copyOf(drafts);
    }

    /** The batch under way is durable. */
    void appended() {
        durable(inFlight);
        inFlight = 0;
    }

    private void durable(int number) {
        List<EventDraft> durable = drafts.subList(0, number);
        for (EventDraft draft : durable) {
            undurableBytes -= draft.payload().length;
        }
        durable.clear();
        refusals = 0;
        over = terminal != null && drafts.isEmpty();
    }

    /** Whether a batch was refused and may be written all the same: {@link #found} is due before the next one. */
    boolean inDoubt() {
        return doubtful > 0 && !pausing && !over;
    }

    /**
     * What became of the batch in doubt.
     *
     * @param events how many events of the run the log has behind those that were known to be durable
     * @param ended whether the log has its end
     */
    void found(int events, boolean ended) {
        int written = ended && endDoubtful ? doubtful : Math.min(events, doubtful);
        doubtful = 0;
        if (ended && !endDoubtful) {
            abandon();
            terminal = null;
        } else {
            durable(written);
        }
    }

    /**
     * The batch under way was refused.
     *
     * @return how long to wait before {@link #resume}, in nanoseconds; 0 when no repeat is due
     */
    long refused(Outcome.Refused<?> refusal, long nowNanos) {
        int refused = inFlight;
        inFlight = 0;
        if (refusal.code() == ErrorCode.RUN_ENDED || refusal.code() == ErrorCode.RUN_NOT_FOUND) {
            abandon();
            terminal = null;
            return 0;
        }
        if (refusals == 0) {
            refusedSinceNanos = nowNanos;
        }
        if (refusal.code() != ErrorCode.UNAVAILABLE) {
            keepOnlyTheEnd(refusal.message());
            pausing = true;
            return pauseNanos();
        }
        if (refused > 0) {
            doubtful = refused;
            endDoubtful = terminal != null && refused == drafts.size();
        }
        if (nowNanos - refusedSinceNanos >= limits.logPatienceNanos()) {
            end(RunDrafts.error(RunDrafts.AGENT_FAILED, "the log cannot take events: " + refusal.message(), true));
        }
        pausing = true;
        return pauseNanos();
    }

    /** A batch that the log will never take must not keep the run from ending. */
    private void keepOnlyTheEnd(String why) {
        EventDraft last = drafts.get(drafts.size() - 1);
        drafts.clear();
        undurableBytes = 0;
        if (terminal == null || terminal == EventType.AGENT_COMPLETED) {
            terminal = EventType.AGENT_ERROR;
            last = RunDrafts.error(RunDrafts.AGENT_FAILED, "the log refused events of the run: " + why, false);
        }
        add(last);
    }

    private long pauseNanos() {
        long pause = limits.retryFirstNanos() << Math.min(refusals, 16);
        refusals++;
        return pause <= 0 ? limits.retryMaxNanos() : Math.min(pause, limits.retryMaxNanos());
    }

    /** The pause after a refusal is over. */
    void resume() {
        pausing = false;
    }
}
