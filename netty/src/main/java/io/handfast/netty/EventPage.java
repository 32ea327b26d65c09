package io.handfast.netty;

import io.handfast.log.Cursor;
import io.handfast.log.Entry;
import io.handfast.log.Resumption;
import io.handfast.log.Slice;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.Problem;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One answer of {@code GET /v1/threads/{thread_id}/events} in JSON: as many events as are asked for and there are, but not more
 * bytes than a page may have; {@code next_after_seq} says behind which event a reader goes on when there is more.
 */
final class EventPage {
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int READ_BYTES = 256 * 1024;

    private final ThreadLog log;
    private final ThreadHead head;
    private final int limit;
    private final ByteArrayOutputStream events = new ByteArrayOutputStream(1024);
    private Resumption.@Nullable Gap gap;
    private Cursor cursor;
    private int count;

    EventPage(ThreadLog log, ThreadHead head, Resumption start, int limit) {
        this.log = log;
        this.head = head;
        this.limit = limit;
        this.gap = start.gap();
        this.cursor = new Cursor(head.epoch(), start.fromSeq() - 1);
    }

    CompletionStage<HttpReply> read() {
        while (true) {
            Slice slice = log.tail(head.threadId(), cursor, READ_BYTES);
            if (slice instanceof Slice.Behind) {
                return log.load(head.threadId(), cursor, READ_BYTES)
                        .thenCompose(
                                loaded -> take(loaded) ? read() : CompletableFuture.completedFuture(reply(loaded)));
            }
            if (!take(slice)) {
                return CompletableFuture.completedFuture(reply(slice));
            }
        }
    }

    /** Whether to read on. */
    private boolean take(Slice slice) {
        if (slice instanceof Slice.Trimmed trimmed) {
            long oldest = trimmed.head().oldestSeq();
            if (count > 0) {
                return false;
            }
            long missingFrom = gap == null ? cursor.seq() + 1 : gap.missingFrom();
            gap = new Resumption.Gap(Resumption.Reason.TRIMMED, missingFrom, oldest - 1);
            cursor = new Cursor(cursor.epoch(), oldest - 1);
            return true;
        }
        if (!(slice instanceof Slice.Events batch)) {
            return false;
        }
        for (Entry entry : batch.entries()) {
            if (count == limit || (count > 0 && events.size() + entry.json().length > MAX_BYTES)) {
                return false;
            }
            if (count++ > 0) {
                events.write(',');
            }
            events.writeBytes(entry.json());
            cursor = new Cursor(cursor.epoch(), entry.seq());
        }
        return batch.more() && count < limit;
    }

    private HttpReply reply(Slice last) {
        if (last instanceof Slice.Unavailable unavailable) {
            return Problem.of(ErrorCode.UNAVAILABLE, unavailable.why()).reply();
        }
        if (last instanceof Slice.Deleted) {
            return Problem.of(404, "not_found", "the thread " + head.threadId() + " was deleted while it was read")
                    .reply();
        }
        if (last instanceof Slice.Replaced) {
            return Problem.of(ErrorCode.UNAVAILABLE, "the thread was replaced while it was read; ask again")
                    .reply();
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("epoch", head.epoch());
        long headSeq = Math.max(head.headSeq(), cursor.seq());
        document.put("head_seq", headSeq);
        if (cursor.seq() < headSeq) {
            document.put("next_after_seq", cursor.seq());
        }
        if (gap != null) {
            document.put(
                    "gap",
                    Map.of(
                            "reason",
                            gap.reason().wireName(),
                            "missing_from",
                            gap.missingFrom(),
                            "missing_to",
                            gap.missingTo()));
        }
        byte[] described = Json.write(document);
        ByteArrayOutputStream body = new ByteArrayOutputStream(described.length + events.size() + 16);
        body.write(described, 0, described.length - 1);
        body.writeBytes(",\"events\":[".getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(events.toByteArray());
        body.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
        return HttpReply.json(200, body.toByteArray());
    }
}
