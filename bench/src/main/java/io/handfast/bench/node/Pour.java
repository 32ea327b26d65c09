package io.handfast.bench.node;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An agent that answers with as many pieces as it is asked for, at the pace that it is asked for: options {@code count},
 * {@code bytes} (of text in each), {@code burst} (pieces without a pause) and {@code pause_ms} (from one burst to the next; 0: no
 * pause at all).
 */
final class Pour implements Agent {
    static final String NAME = "pour";
    private static final String PROSE = "the answer goes on with words of usual length, as an agent streams them ";

    private final AtomicLong poured = new AtomicLong();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Answers with as many pieces as it is asked for.";
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) throws InterruptedException {
        long count = option(request, "count", 1);
        long burst = option(request, "burst", 1);
        long pauseNanos = TimeUnit.MILLISECONDS.toNanos(option(request, "pause_ms", 0));
        String text = text((int) option(request, "bytes", 100));
        long dueNanos = System.nanoTime();
        for (long piece = 1; piece <= count; piece++) {
            events.chunk(text);
            if (pauseNanos > 0 && piece % burst == 0) {
                dueNanos += pauseNanos;
                TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
            }
        }
        poured.incrementAndGet();
    }

    private static long option(AgentRequest request, String name, long otherwise) {
        return request.options().get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    private static String text(int bytes) {
        return PROSE.repeat(bytes / PROSE.length() + 1).substring(0, bytes);
    }

    /** How many messages were answered to the end. */
    long poured() {
        return poured.get();
    }
}
