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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
    private final EventFormat format;
    private final Alarm alarm;
    private final Alarm expiry;
    private Cursor cursor;
    private @Nullable StreamSink sink;
    private boolean reading;
    private boolean blocked;

    /** @param expiresAt when the reader's credential ends, and the stream with it; null for never */
    EventStream(
            Gateway gateway,
            Gateway.Place place,
            ThreadHead head,
            Resumption start,
            @Nullable Instant expiresAt,
            EventFormat format) {
        this.gateway = gateway;
        this.place = place;
        this.head = head;
        this.start = start;
        this.cursor = new Cursor(head.epoch(), start.fromSeq() - 1);
        this.alarm = new Alarm(place.loop().executor(), this::timeUp);
        this.expiry = new Alarm(place.loop().executor(), this::end);
        this.expiresAt = expiresAt;
        this.format = format;
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
        write(newSink, format.opening());
        if (start.gap() != null) {
            write(newSink, format.gap(start.gap()));
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
            if (format.complete()) {
                end();
                return false;
            }
            wakeIn(gateway.config().streamKeepAlive().toNanos());
            return events.more();
        }
        if (slice instanceof Slice.Trimmed trimmed) {
            long oldest = trimmed.head().oldestSeq();
            write(out, format.gap(new Resumption.Gap(Resumption.Reason.TRIMMED, cursor.seq() + 1, oldest - 1)));
            cursor = new Cursor(cursor.epoch(), oldest - 1);
            return true;
        }
        if (slice instanceof Slice.Deleted) {
            // Browsers come again by themselves, and would begin a new thread of that name; who is told can stay away.
            write(out, format.deleted());
            end();
            return false;
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
            write(out, format.event(cursor.epoch(), entry));
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

    private static void write(StreamSink out, byte[] bytes) {
        if (bytes.length > 0) {
            out.write(bytes);
        }
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
