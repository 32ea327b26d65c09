package io.handfast.netty;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Resumption;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.netty.http.HttpReply.StreamSink;
import io.handfast.netty.http.HttpReply.StreamSource;
import io.handfast.netty.http.Stages;
import io.handfast.netty.loop.Alarm;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A thread as server-sent events (WHATWG HTML, section 9.2): one cursor, which moves while the peer keeps up. Lives on the loop of its
 * request.
 */
final class EventStream implements StreamSource, LoopReaders.Reader {
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final long RETRY_NANOS = 500_000_000;

    private final Gateway gateway;
    private final Gateway.Place place;
    private final ThreadHead head;
    private final Resumption start;
    private final @Nullable Instant expiresAt;
    private final Alarm alarm;
    private final Alarm expiry;
    private Cursor cursor;
    private @Nullable StreamSink sink;
    private boolean reading;
    private boolean blocked;

    /** @param expiresAt when the reader's credential ends, and the stream with it; null for never */
    EventStream(Gateway gateway, Gateway.Place place, ThreadHead head, Resumption start, @Nullable Instant expiresAt) {
        this.gateway = gateway;
        this.place = place;
        this.head = head;
        this.start = start;
        this.cursor = new Cursor(head.epoch(), start.fromSeq() - 1);
        this.alarm = new Alarm(place.loop().executor(), this::timeUp);
        this.expiry = new Alarm(place.loop().executor(), this::end);
        this.expiresAt = expiresAt;
    }

    @Override
    public void opened(StreamSink newSink) {
        sink = newSink;
        gateway.services().metrics().eventStreamOpened();
        place.readers().add(head.threadId(), this);
        if (expiresAt != null) {
            long nowNanos = System.nanoTime();
            expiry.due(nowNanos + Duration.between(Instant.now(), expiresAt).toNanos(), nowNanos);
        }
        newSink.write(": handfast\n\n".getBytes(StandardCharsets.US_ASCII));
        if (start.gap() != null) {
            gap(newSink, start.gap());
        }
        advance();
    }

    @Override
    public void headMoved(String threadId) {
        advance();
    }

    @Override
    public void writable() {
        blocked = false;
        advance();
    }

    /** Reads and writes until there is nothing more, or the peer does not keep up. */
    private void advance() {
        while (sink != null && !reading) {
            if (!sink.writable()) {
                if (!blocked) {
                    blocked = true;
                    wakeIn(gateway.config().limits().slowConsumer().toNanos());
                }
                return;
            }
            ThreadLog log = gateway.services().log();
            int maxBytes = gateway.config().limits().readBytes();
            Slice slice = log.tail(head.threadId(), cursor, maxBytes);
            if (slice instanceof Slice.Behind) {
                reading = true;
                Stages.onLoop(place.loop().executor(), log.load(head.threadId(), cursor, maxBytes), loaded -> {
                    reading = false;
                    if (take(loaded)) {
                        advance();
                    }
                });
                return;
            }
            if (!take(slice)) {
                return;
            }
        }
    }

    /** Whether there may be more to read at once. */
    private boolean take(Slice slice) {
        StreamSink out = sink;
        if (out == null) {
            return false;
        }
        if (slice instanceof Slice.Events events) {
            if (!events.entries().isEmpty()) {
                write(out, events.entries());
            }
            wakeIn(gateway.config().streamKeepAlive().toNanos());
            return events.more();
        }
        if (slice instanceof Slice.Trimmed trimmed) {
            long oldest = trimmed.head().oldestSeq();
            gap(out, new Resumption.Gap(Resumption.Reason.TRIMMED, cursor.seq() + 1, oldest - 1));
            cursor = new Cursor(cursor.epoch(), oldest - 1);
            return true;
        }
        if (slice instanceof Slice.Replaced) {
            // The reader comes again with its Last-Event-ID and is told of the gap then.
            end();
            return false;
        }
        wakeIn(RETRY_NANOS);
        return false;
    }

    private void write(StreamSink out, List<Entry> entries) {
        long bytes = 0;
        for (Entry entry : entries) {
            out.write(frame(entry));
            bytes += entry.json().length;
        }
        cursor = new Cursor(cursor.epoch(), entries.get(entries.size() - 1).seq());
        gateway.services().metrics().eventsSent(entries.size(), entries.size(), bytes);
    }

    private void wakeIn(long nanos) {
        long nowNanos = System.nanoTime();
        alarm.due(nowNanos + nanos, nowNanos);
    }

    private void timeUp() {
        StreamSink out = sink;
        if (out == null) {
            return;
        }
        if (blocked) {
            out.abort();
            return;
        }
        out.write(COMMENT);
        wakeIn(gateway.config().streamKeepAlive().toNanos());
        advance();
    }

    private void gap(StreamSink out, Resumption.Gap gap) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("type", "history_gap");
        event.put("thread_id", head.threadId());
        event.put("reason", gap.reason().wireName());
        event.put("missing_from", gap.missingFrom());
        event.put("missing_to", gap.missingTo());
        out.write(field("event: history_gap\ndata: ", Json.write(event)));
    }

    private byte[] frame(Entry entry) {
        String id = cursor.epoch() + ":" + entry.seq();
        return field("event: " + entry.type().wireName() + "\nid: " + id + "\ndata: ", entry.json());
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

    @Override
    public void drain() {
        advance(); // what is committed may not have been told yet
        end();
    }

    private void end() {
        StreamSink out = sink;
        if (out != null) {
            closed();
            out.end();
        }
    }

    @Override
    public void closed() {
        if (sink != null) {
            sink = null;
            alarm.stop();
            expiry.stop();
            place.readers().remove(head.threadId(), this);
            gateway.services().metrics().eventStreamClosed();
        }
    }
}
