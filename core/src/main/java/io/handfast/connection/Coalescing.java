package io.handfast.connection;

import io.handfast.log.Entry;
import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The frames that stand for a granted range of a log (spec/protocol.md, "Coalescing"): adjacent chunks of one run become one frame, which
 * is the last of them with the texts of all and {@code first_seq}. What is in a payload beside the text would be lost, so such a
 * chunk goes alone, and so does one whose bytes are not laid out as {@link EventEncoder} does it.
 *
 * <p>Nothing is parsed: the place of a text is counted, and its bytes, escapes and all, are copied as they stand. A frame is never
 * larger than the entries that it stands for, so {@link ConnectionLimits#readBytes} bounds it. Pure; any thread may call.
 */
public final class Coalescing {
    private static final byte[] BEFORE_TEXT = "{\"text\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BEHIND_TEXT = "\"}}".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST_SEQ = "\"},\"first_seq\":".getBytes(StandardCharsets.US_ASCII);

    private final String threadId;
    private final List<Entry> entries;
    private final List<byte[]> frames = new ArrayList<>();

    private Coalescing(String threadId, List<Entry> entries) {
        this.threadId = threadId;
        this.entries = entries;
    }

    /**
     * The frames that stand for these entries, in order. An entry that goes alone shares its bytes with its frame.
     *
     * @param entries of this thread, without a hole
     */
    public static List<byte[]> frames(String threadId, List<Entry> entries) {
        Coalescing coalescing = new Coalescing(threadId, entries);
        for (int at = 0; at < entries.size(); ) {
            at = coalescing.frameFrom(at);
        }
        return coalescing.frames;
    }

    /** Adds the frame that begins with this entry; the entry that the next frame begins with. */
    private int frameFrom(int at) {
        int end = at + 1;
        if (follows(at, end) && isTextAlone(entries.get(at))) {
            while (follows(at, end) && isTextAlone(entries.get(end))) {
                end++;
            }
        }
        frames.add(end == at + 1 ? entries.get(at).json() : together(entries.subList(at, end)));
        return end;
    }

    /** Whether both are chunks of the same run. */
    private boolean follows(int first, int next) {
        Entry chunk = entries.get(first);
        return chunk.type() == EventType.AGENT_RESPONSE_CHUNK
                && chunk.runId() != null
                && next < entries.size()
                && entries.get(next).type() == EventType.AGENT_RESPONSE_CHUNK
                && chunk.runId().equals(entries.get(next).runId());
    }

    /** Whether the payload is one member, the text: no quote ends it before the end. */
    private boolean isTextAlone(Entry chunk) {
        byte[] json = chunk.json();
        int end = textEnd(chunk);
        int at = textStart(chunk);
        if (at < 0 || at > end || !Arrays.equals(json, end, json.length, BEHIND_TEXT, 0, BEHIND_TEXT.length)) {
            return false;
        }
        while (at < end && json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at == end;
    }

    /** -1 when there is no text where it should be. */
    private int textStart(Entry chunk) {
        byte[] json = chunk.json();
        int payload = EventEncoder.payloadStart(json, chunk.type(), threadId, chunk.seq(), chunk.runId());
        int text = payload + BEFORE_TEXT.length;
        boolean there = payload >= 0
                && text <= json.length
                && Arrays.equals(json, payload, text, BEFORE_TEXT, 0, BEFORE_TEXT.length);
        return there ? text : -1;
    }

    private static int textEnd(Entry chunk) {
        return chunk.json().length - BEHIND_TEXT.length;
    }

    private byte[] together(List<Entry> chunks) {
        Entry last = chunks.get(chunks.size() - 1);
        byte[] firstSeq = Long.toString(chunks.get(0).seq()).getBytes(StandardCharsets.US_ASCII);
        int length = textStart(last) + FIRST_SEQ.length + firstSeq.length + 1;
        for (Entry chunk : chunks) {
            length += textEnd(chunk) - textStart(chunk);
        }
        byte[] frame = new byte[length];
        int at = put(frame, 0, last.json(), 0, textStart(last));
        for (Entry chunk : chunks) {
            at = put(frame, at, chunk.json(), textStart(chunk), textEnd(chunk));
        }
        at = put(frame, at, FIRST_SEQ, 0, FIRST_SEQ.length);
        at = put(frame, at, firstSeq, 0, firstSeq.length);
        frame[at] = '}';
        return frame;
    }

    private static int put(byte[] frame, int at, byte[] from, int start, int end) {
        System.arraycopy(from, start, frame, at, end - start);
        return at + end - start;
    }
}
