package io.handfast.bench.race;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.ClientSocket;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.ServerFrame;
import io.handfast.bench.client.SocketEnd;
import io.handfast.bench.client.SocketListener;
import io.netty.channel.EventLoop;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link Reader#PLAIN}. */
final class PlainRunner implements Runner, SocketListener {
    private final ClientLoops loops;
    private final EventLoop loop;
    private final Dial dial;
    private final Story story;
    private @Nullable ClientSocket socket;

    PlainRunner(ClientLoops loops, EventLoop loop, Dial dial, String threadId, Story story) {
        this.loops = loops;
        this.loop = loop;
        this.dial = dial.withQuery(Map.of("thread_id", threadId));
        this.story = story;
    }

    @Override
    public void go() {
        story.dialling(System.nanoTime());
        socket = loops.open(dial, loop, this);
    }

    @Override
    public void stop() {
        if (socket != null) {
            socket.close("seen enough");
        }
    }

    @Override
    public void opened(long nowNanos) {
        story.opened(nowNanos);
    }

    @Override
    public void pinged(long nowNanos) {
        story.asked(nowNanos);
    }

    @Override
    public void text(byte[] utf8, long nowNanos) {
        ServerFrame.read(utf8).ifPresent(frame -> {
            if (frame.type().equals("connection_ready")) {
                story.ready(frame.text("proof"), nowNanos);
            } else if (frame.event()) {
                story.arrived(frame);
                story.took(frame, nowNanos);
            }
        });
    }

    @Override
    public void ended(SocketEnd end, long nowNanos) {
        // It does not come back; what it has seen is its story.
    }
}
