package io.handfast.server.agui;

import io.handfast.agents.agui.AguiEvent;
import io.handfast.agents.agui.AguiTelling;
import io.handfast.agents.agui.OpenItems;
import io.handfast.log.Entry;
import io.handfast.log.Resumption;
import io.handfast.netty.EventFormat;
import io.handfast.protocol.EventType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run as a stream of AG-UI events. One event of the log may be several here, so the id of each says which of them it is:
 * {@code epoch:seq.index}. A client that joins later is told the beginning of the run and of whatever is open, without ids, and
 * then what it has not been told.
 */
final class AguiStream implements EventFormat {
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] COMMENT = ": handfast\n\n".getBytes(StandardCharsets.US_ASCII);

    /** A stream of AG-UI has an end, also where the run has none because its thread is gone. */
    private static final Map<String, Object> DELETED =
            Map.of("code", "deleted", "message", "the thread was deleted", "retryable", false);

    private final String logRunId;
    private final AguiTelling telling;
    private final OpenItems open = new OpenItems();
    private final ByteArrayOutputStream opening = new ByteArrayOutputStream();

    /** @param runId the run's id as the client knows it */
    AguiStream(String threadId, String logRunId, String runId) {
        this.logRunId = logRunId;
        this.telling = new AguiTelling(threadId, logRunId, runId);
        opening.writeBytes(COMMENT);
    }

    /**
     * For a client that was told everything up to a point: what belongs to the run until there, in order.
     *
     * @param entries up to the last event of the log of which it was told anything, that one included
     * @param known how many events of AG-UI it was told of the last one
     */
    void join(String epoch, List<Entry> entries, int known) {
        if (entries.isEmpty()) {
            return; // it was told nothing of this run
        }
        List<AguiEvent> last = List.of();
        for (Entry entry : entries) {
            last.forEach(open::take);
            last = telling.tell(entry.type(), entry.payload());
        }
        if (last.isEmpty() && !telling.ended()) {
            openAnew();
            return;
        }
        // Whoever was told the end is told it again: a stream of AG-UI has one.
        int told = Math.min(known, telling.ended() ? last.size() - 1 : last.size());
        last.subList(0, told).forEach(open::take);
        openAnew();
        opening.writeBytes(frames(epoch, entries.get(entries.size() - 1).seq(), last, told));
    }

    private void openAnew() {
        List<AguiEvent> beginnings = new ArrayList<>(List.of(telling.started()));
        beginnings.addAll(open.openers());
        for (AguiEvent event : beginnings) {
            opening.writeBytes(event.sse());
        }
    }

    @Override
    public byte[] opening() {
        return opening.toByteArray();
    }

    /** The client is told what there is; AG-UI has no word for what is missing. */
    @Override
    public byte[] gap(Resumption.Gap gap) {
        return NOTHING;
    }

    @Override
    public byte[] deleted() {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        if (!telling.ended()) {
            for (AguiEvent event : telling.tell(EventType.AGENT_ERROR, DELETED)) {
                frames.writeBytes(event.sse());
            }
        }
        return frames.toByteArray();
    }

    @Override
    public byte[] event(String epoch, Entry entry) {
        if (!belongs(entry)) {
            return NOTHING;
        }
        return frames(epoch, entry.seq(), telling.tell(entry.type(), entry.payload()), 0);
    }

    boolean belongs(Entry entry) {
        return logRunId.equals(entry.runId()) && entry.type() != EventType.USER_MESSAGE;
    }

    private static byte[] frames(String epoch, long seq, List<AguiEvent> events, int from) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int index = from; index < events.size(); index++) {
            frames.writeBytes(("id: " + epoch + ":" + seq + "." + index + "\n").getBytes(StandardCharsets.US_ASCII));
            frames.writeBytes(events.get(index).sse());
        }
        return frames.toByteArray();
    }

    @Override
    public boolean complete() {
        return telling.ended();
    }
}
