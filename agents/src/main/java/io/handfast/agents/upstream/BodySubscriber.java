package io.handfast.agents.upstream;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands a body over to the thread that reads it. One read is under way at a time, so the memory is bounded, and TCP slows an
 * upstream that is faster than its reader.
 */
final class BodySubscriber implements Flow.Subscriber<List<ByteBuffer>> {
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
    private volatile boolean cancelled;

    /** What happened to the body. */
    sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Broken(Throwable cause) implements Signal {}
    }

    /** Waits for the next signal; null when none comes in time. Nothing follows the first end. */
    @Nullable
    Signal take(Duration timeout) throws InterruptedException {
        Signal signal = signals.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (signal instanceof Signal.Bytes) {
            Flow.Subscription current = subscription.get();
            if (current != null) {
                current.request(1);
            }
        }
        return signal;
    }

    void cancel() {
        cancelled = true;
        Flow.Subscription current = subscription.get();
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription offered) {
        subscription.set(offered);
        if (cancelled) {
            offered.cancel();
        } else {
            offered.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Broken(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }
}
