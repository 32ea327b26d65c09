package io.handfast.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads one thread by the reader's rule of spec/protocol.md, over as many connections as it takes. A hole or a repeat is an error. */
public final class RawReader {
    private final String threadId;
    private final List<String> types = new ArrayList<>();
    private final StringBuilder answer = new StringBuilder();
    private @Nullable String epoch;
    private long seq;

    public RawReader(String threadId) {
        this.threadId = threadId;
    }

    /** What to ask for when a connection opens: to go on where this reader is. */
    public String target() {
        String position = epoch == null ? "" : "&after_seq=" + seq + "&epoch=" + epoch;
        return "/v1/ws?thread_id=" + threadId + position;
    }

    /** Reads up to the first event of this type. */
    public Map<String, Object> to(String type, RawClient client) {
        return follow(client, event -> type.equals(event.get("type")));
    }

    /** Reads up to and with this event. */
    public RawReader to(long last, RawClient client) {
        if (seq < last) {
            follow(client, event -> seq >= last);
        }
        return this;
    }

    private Map<String, Object> follow(RawClient client, Predicate<Map<String, Object>> until) {
        return client.await(frame -> take(frame) && until.test(frame));
    }

    /** Whether it is an event of the thread. */
    public boolean take(Map<String, Object> frame) {
        if (!threadId.equals(frame.get("thread_id"))) {
            return false;
        }
        if ("subscribed".equals(frame.get("type"))) {
            long from = (long) Objects.requireNonNull(frame.get("from_seq"));
            if (from != seq + 1) {
                throw new AssertionError("behind " + seq + " comes " + frame);
            }
            epoch = (String) frame.get("epoch");
        }
        if (!frame.containsKey("payload")) {
            return false;
        }
        if ((long) Objects.requireNonNull(frame.getOrDefault("first_seq", frame.get("seq"))) != seq + 1) {
            throw new AssertionError("behind " + seq + " comes " + frame);
        }
        seq = (long) Objects.requireNonNull(frame.get("seq"));
        types.add((String) Objects.requireNonNull(frame.get("type")));
        if ("agent_response_chunk".equals(frame.get("type"))) {
            answer.append(((Map<?, ?>) Objects.requireNonNull(frame.get("payload"))).get("text"));
        }
        return true;
    }

    /** Of the last event that was read. */
    public long seq() {
        return seq;
    }

    /** The types of the frames of events. */
    public List<String> types() {
        return types;
    }

    /** The texts of all chunks. */
    public String answer() {
        return answer.toString();
    }
}
