package io.handfast.netty;

import io.handfast.log.Entry;
import io.handfast.log.Resumption;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** All events of a thread as they stand in the log (spec/protocol.md, "HTTP"); never complete. */
final class ThreadEvents implements EventFormat {
    private final String threadId;

    ThreadEvents(String threadId) {
        this.threadId = threadId;
    }

    @Override
    public byte[] opening() {
        return ": handfast\n\n".getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] gap(Resumption.Gap gap) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", gap.reason().wireName());
        fields.put("missing_from", gap.missingFrom());
        fields.put("missing_to", gap.missingTo());
        return outside("history_gap", fields);
    }

    @Override
    public byte[] deleted() {
        return outside("unsubscribed", Map.of("reason", "deleted"));
    }

    /** What is no event of the log: without an id. */
    private byte[] outside(String type, Map<String, Object> fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", type);
        event.put("thread_id", threadId);
        event.putAll(fields);
        return field("event: " + type + "\ndata: ", Json.write(event));
    }

    @Override
    public byte[] event(String epoch, Entry entry) {
        String id = epoch + ":" + entry.seq();
        return field("event: " + entry.type().wireName() + "\nid: " + id + "\ndata: ", entry.json());
    }

    @Override
    public boolean complete() {
        return false;
    }

    private static byte[] field(String before, byte[] json) {
        byte[] prefix = before.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[prefix.length + json.length + 2];
        System.arraycopy(prefix, 0, frame, 0, prefix.length);
        for (int i = 0; i < json.length; i++) {
            // Only white space between tokens can be a raw line end in JSON; in the stream it would end the field.
            byte b = json[i];
            frame[prefix.length + i] = b == '\n' || b == '\r' ? (byte) ' ' : b;
        }
        frame[frame.length - 2] = '\n';
        frame[frame.length - 1] = '\n';
        return frame;
    }
}
