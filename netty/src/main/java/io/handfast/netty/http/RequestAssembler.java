package io.handfast.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts the parts of requests together, within the limits. What is beyond them is refused before it has arrived. */
final class RequestAssembler {
    private static final byte[] EMPTY = {};
    private static final int FIRST_CAPACITY = 4096;

    /** What came of a part. */
    sealed interface Received {
        /** Nothing whole yet. */
        record Part() implements Received {}

        /** The head of a request whose client waits for a word before it sends the body. */
        record WantsContinue() implements Received {}

        /** A whole request. */
        @SuppressWarnings("ArrayRecordComponent") // handed over
        record Request(HttpRequest head, byte[] body) implements Received {}

        /** No request; nothing that follows can be understood. */
        record Broken(Problem problem) implements Received {}
    }

    private static final Received PART = new Received.Part();

    private final HttpLimits limits;
    private @Nullable HttpRequest head;
    private byte[] body = EMPTY;
    private int bodyLength;
    private boolean broken;

    RequestAssembler(HttpLimits limits) {
        this.limits = limits;
    }

    /** Whether a request has begun and not ended. */
    boolean inBody() {
        return head != null;
    }

    /** Takes the next part; does not release it. */
    Received take(HttpObject part) {
        if (broken) {
            return PART;
        }
        if (part.decoderResult().isFailure()) {
            return broken(RequestHead.broken(part.decoderResult().cause(), limits));
        }
        if (part instanceof HttpRequest request) {
            return begin(request);
        }
        if (part instanceof HttpContent content && head != null) {
            if (content.content().readableBytes() > limits.maxBodyBytes() - bodyLength) {
                return broken(tooLarge());
            }
            add(content.content());
            if (part instanceof LastHttpContent) {
                Received.Request whole =
                        new Received.Request(head, body.length == bodyLength ? body : Arrays.copyOf(body, bodyLength));
                head = null;
                body = EMPTY;
                bodyLength = 0;
                return whole;
            }
        }
        return PART;
    }

    private Received begin(HttpRequest request) {
        if (HttpUtil.getContentLength(request, 0L) > limits.maxBodyBytes()) {
            return broken(tooLarge());
        }
        head = request;
        boolean waits = HttpUtil.is100ContinueExpected(request);
        if (!waits && request.headers().contains(HttpHeaderNames.EXPECT)) {
            return broken(Problem.of(417, "expectation_failed", "the only expectation known here is 100-continue"));
        }
        return waits ? new Received.WantsContinue() : PART;
    }

    private Problem tooLarge() {
        return Problem.of(413, "too_large", "a body may have " + limits.maxBodyBytes() + " bytes");
    }

    private void add(ByteBuf piece) {
        int length = piece.readableBytes();
        if (length == 0) {
            return;
        }
        if (bodyLength + length > body.length) {
            int capacity = Math.min(limits.maxBodyBytes(), Math.max(FIRST_CAPACITY, 2 * body.length));
            body = Arrays.copyOf(body, Math.max(bodyLength + length, capacity));
        }
        piece.getBytes(piece.readerIndex(), body, bodyLength, length);
        bodyLength += length;
    }

    private Received broken(Problem problem) {
        broken = true;
        head = null;
        body = EMPTY;
        return new Received.Broken(problem);
    }
}
