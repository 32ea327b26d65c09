package io.handfast.netty;

import io.handfast.log.Resumption;
import io.handfast.log.ThreadHead;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import java.util.Map;

/** Answers calls with a thread's events as they come, also those of routes that others contribute. */
public final class ThreadStreams {
    private final Gateway gateway;

    ThreadStreams(Gateway gateway) {
        this.gateway = gateway;
    }

    /**
     * Asked before anything is done for a stream: a server that goes down begins none.
     *
     * @throws RefusedException 503 while draining
     */
    public void requireOpen() throws RefusedException {
        if (gateway.draining()) {
            throw new RefusedException(Problem.of(ErrorCode.DRAINING, "this server is going down; connect again")
                    .with("Retry-After", "1"));
        }
    }

    /** The answer: everything from where {@code start} points, until the format is complete, the reader goes or its credential ends. */
    public HttpReply.Stream of(HttpCall call, ThreadHead head, Resumption start, EventFormat format) {
        return new HttpReply.Stream(
                200,
                "text/event-stream",
                Map.of("Cache-Control", "no-store", "X-Accel-Buffering", "no"),
                new EventStream(
                        gateway,
                        gateway.place(call.loop().executor()),
                        head,
                        start,
                        call.caller().expiresAt(),
                        format));
    }
}
