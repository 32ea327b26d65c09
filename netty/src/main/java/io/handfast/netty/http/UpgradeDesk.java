package io.handfast.netty.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Decides on requests that want to leave HTTP for another protocol on the same socket. */
public interface UpgradeDesk {
    /** The one path on which such requests are taken. */
    String path();

    /**
     * Decides on a request. Called on the event loop: must not block.
     *
     * @throws RefusedException the answer
     */
    CompletionStage<Decision> decide(HttpCall call) throws RefusedException;

    /** What became of it. */
    sealed interface Decision {
        record Refused(Problem problem) implements Decision {}

        /**
         * The 101.
         *
         * @param headers of the 101
         */
        record Accepted(Map<String, String> headers, Successor successor) implements Decision {}
    }

    /** Who speaks on the socket from now on. */
    @FunctionalInterface
    interface Successor {
        /**
         * Takes over. Called on the event loop, with no handler of HTTP left in the pipeline.
         *
         * @param written the write of the 101, not flushed yet
         * @param early what arrived behind the request before the 101 was written; owned by the callee
         */
        void takeOver(Channel channel, ChannelFuture written, List<ByteBuf> early);
    }
}
