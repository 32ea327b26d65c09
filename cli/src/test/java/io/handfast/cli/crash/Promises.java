package io.handfast.cli.crash;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server gave its word on, over all of its lives, and what went against it. Any thread may call. */
final class Promises {
    private final Runnable each;
    private final Map<String, Story> stories = new HashMap<>();
    private final List<String> broken = new ArrayList<>();
    private long accepted;
    private long repeated;
    private long shown;
    private long deleted;

    /** What is promised of one thread. */
    private static final class Story {
        /** The epoch of the server's present life. */
        @Nullable
        String epoch;

        /** Everything that any reader ever saw, by epoch and seq: what stood there once may never be anything else. */
        final Map<String, TreeMap<Long, String>> shown = new HashMap<>();

        /** Epochs that may be over. */
        final Set<String> mayBeOver = new HashSet<>();

        final Map<String, Accepted> accepted = new HashMap<>();

        /** Messages of which an answer said that they were new. */
        final Set<String> begun = new HashSet<>();

        final Set<String> cancelled = new HashSet<>();
        final List<Together> together = new ArrayList<>();
    }

    /** Adjacent chunks that were delivered as one frame (spec/protocol.md, "Coalescing"). */
    private record Together(String epoch, long first, long last, String text) {}

    record Accepted(long seq, String runId) {}

    /** @param each called for each promise, under the lock of this object */
    Promises(Runnable each) {
        this.each = each;
    }

    synchronized void broken(String what) {
        broken.add(what);
    }

    synchronized List<String> broken() {
        return List.copyOf(broken);
    }

    synchronized long acceptedCount() {
        return accepted;
    }

    synchronized long repeatedCount() {
        return repeated;
    }

    synchronized long shownCount() {
        return shown;
    }

    synchronized long deletedCount() {
        return deleted;
    }

    private Story story(String threadId) {
        return stories.computeIfAbsent(threadId, id -> new Story());
    }

    /**
     * The server has died, or was stopped.
     *
     * @param mayForget whether it may have lost what it had acknowledged and shown, as long as it says so by new epochs
     */
    synchronized void died(boolean mayForget) {
        if (mayForget) {
            for (Story story : stories.values()) {
                if (story.epoch != null) {
                    story.mayBeOver.add(story.epoch);
                }
                story.epoch = null;
                story.accepted.clear();
                story.begun.clear();
                story.cancelled.clear();
            }
        }
    }

    /** A reader has a thread in this epoch. */
    synchronized void inEpoch(String threadId, String epoch) {
        Story story = story(threadId);
        if (story.epoch == null) {
            story.epoch = epoch;
        } else if (!story.epoch.equals(epoch)) {
            broken.add("thread " + threadId + " was in epoch " + story.epoch + " and is in " + epoch);
        }
    }

    /** A reader that stood in this epoch was told of a gap, or that its position is not applied. */
    synchronized void gap(String threadId, String epoch, String what) {
        if (!story(threadId).mayBeOver.contains(epoch)) {
            broken.add("thread " + threadId + " has a gap for a reader of epoch " + epoch + ": " + what);
        }
    }

    synchronized void shown(String threadId, String epoch, long seq, String event) {
        inEpoch(threadId, epoch);
        String before = story(threadId)
                .shown
                .computeIfAbsent(epoch, e -> new TreeMap<>())
                .putIfAbsent(seq, event);
        shown += before == null ? 1 : 0;
        if (before != null && !before.equals(event)) {
            broken.add(
                    "thread " + threadId + ", epoch " + epoch + ", seq " + seq + " was " + before + " and is " + event);
        }
        each.run();
    }

    synchronized void shownTogether(String threadId, String epoch, Event frame) {
        inEpoch(threadId, epoch);
        story(threadId)
                .together
                .add(new Together(
                        epoch,
                        frame.number("first_seq"),
                        frame.number("seq"),
                        frame.payload().string("text")));
        each.run();
    }

    synchronized void accepted(String threadId, String messageId, long seq, String runId, boolean duplicate) {
        accepted++;
        repeated += duplicate ? 1 : 0;
        Story story = story(threadId);
        Accepted now = new Accepted(seq, runId);
        Accepted before = story.accepted.putIfAbsent(messageId, now);
        if (before != null && !before.equals(now)) {
            broken.add("message " + messageId + " of thread " + threadId + " was accepted as " + before
                    + " and then as " + now);
        }
        if (!duplicate && !story.begun.add(messageId)) {
            broken.add("message " + messageId + " of thread " + threadId + " was taken for new twice");
        }
        each.run();
    }

    synchronized void cancelAccepted(String threadId, String runId) {
        story(threadId).cancelled.add(runId);
        each.run();
    }

    /** A thread was deleted; {@link Deletion} sees to it that it is. */
    synchronized void deleted() {
        deleted++;
        each.run();
    }

    /** Where a reader stood. */
    record Seen(String epoch, long seq) {}

    /** The last that readers saw of a thread, in each of its epochs. */
    synchronized List<Seen> seen(String threadId) {
        return story(threadId).shown.entrySet().stream()
                .map(epoch -> new Seen(epoch.getKey(), epoch.getValue().lastKey()))
                .toList();
    }

    /** Compares a thread, as the server has it, with everything that was promised of it. */
    synchronized void check(ThreadCopy copy) {
        Story story = story(copy.threadId());
        if (copy.epoch() == null) {
            boolean nothing = story.epoch == null && story.accepted.isEmpty();
            if (!nothing) {
                broken.add("thread " + copy.threadId() + " is gone, with " + story.accepted);
            }
            return;
        }
        for (Event event : copy.events()) {
            shown(copy.threadId(), copy.epoch(), event.number("seq"), event.text());
        }
        TreeMap<Long, String> shown = story.shown.getOrDefault(copy.epoch(), new TreeMap<>());
        if (!shown.isEmpty() && shown.lastKey() > copy.events().size()) {
            broken.add("thread " + copy.threadId() + ", epoch " + copy.epoch() + " ends with "
                    + copy.events().size() + "; readers saw " + shown.lastKey());
        }
        story.accepted.forEach((messageId, accepted) -> checkAccepted(copy, messageId, accepted));
        for (Together together : story.together) {
            String text = copy.chunks(together.first(), together.last());
            if (together.epoch().equals(copy.epoch()) && !together.text().equals(text)) {
                broken.add("thread " + copy.threadId() + ": " + together + " was delivered; the log has " + text);
            }
        }
        story.together.clear();
        for (String runId : story.cancelled) {
            if (!copy.terminalTypes(runId).equals(List.of("agent_cancelled"))) {
                broken.add("the cancel of run " + runId + " of thread " + copy.threadId()
                        + " was accepted, and it ended with " + copy.terminalTypes(runId));
            }
        }
    }

    private void checkAccepted(ThreadCopy copy, String messageId, Accepted accepted) {
        List<Event> events = copy.messages(messageId);
        boolean there = events.size() == 1
                && events.get(0).number("seq") == accepted.seq()
                && events.get(0).string("run_id").equals(accepted.runId());
        if (!there) {
            broken.add("message " + messageId + " of thread " + copy.threadId() + " was accepted as " + accepted
                    + "; the log has " + events);
        }
    }
}
