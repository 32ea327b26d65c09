package io.handfast.bench.delivery;

import io.handfast.bench.client.ClientSocket;
import io.handfast.bench.client.SocketEnd;
import io.handfast.bench.client.SocketListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Counts what comes up to the end of the answer, and looks at nothing else, so that the server is what is measured. */
final class ResumingReader implements SocketListener {
    private static final byte[] END = "{\"type\":\"agent_completed\"".getBytes(StandardCharsets.US_ASCII);

    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private @Nullable ClientSocket socket;
    private long frames;
    private long bytes;

    /** On the socket's loop. */
    void opens(ClientSocket opened) {
        socket = opened;
    }

    @Override
    public void text(byte[] utf8, long nowNanos) {
        frames++;
        bytes += utf8.length;
        if (utf8.length >= END.length && Arrays.equals(utf8, 0, END.length, END, 0, END.length)) {
            done.complete(null);
            if (socket != null) {
                socket.close("read");
            }
        }
    }

    @Override
    public void ended(SocketEnd end, long nowNanos) {
        done.completeExceptionally(new IOException("a reader ended before the answer did: " + end));
    }

    void await(long seconds) throws IOException, InterruptedException {
        try {
            done.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("a reader was not served within " + seconds + " s", e);
        }
    }

    long frames() {
        return frames;
    }

    long bytes() {
        return bytes;
    }
}
