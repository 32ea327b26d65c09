package io.handfast.bench.client;

import io.handfast.protocol.Json;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A reader of one thread that does what the chat page's client does ({@code web/handfast.js}, of which this is a model, figure by
 * figure): it answers {@code handshake_validation} from its handler, subscribes when {@code connection_ready} has come, keeps
 * the reader's rule, sends a message again until the server has it, and comes back after what the close code says.
 * Left out: what needs a person or a page (a new credential, waking up).
 *
 * <p>{@link #connect}, {@link #send} and {@link #close} may be called by any thread; everything happens on one loop.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // a timer that is not cancelled asks, when it comes, whether it still matters
public final class PageClient {
    /** The sub-protocol of tier application (spec/protocol.md, "Tiers"). */
    public static final String APPLICATION = "handfast.v1";

    private static final Duration OPENING_TIMEOUT = Duration.ofSeconds(10);
    private static final long BACKOFF_BASE_MILLIS = 250;
    private static final long BACKOFF_CAP_MILLIS = 15_000;
    private static final int BACKOFF_STEPS_MAX = 10;
    private static final long REFUSED_BACKOFF_MILLIS = 1_000;
    private static final int ACK_EVERY_EVENTS = 64;
    private static final Duration ACK_EVERY = Duration.ofSeconds(1);
    private static final double SILENT_INTERVALS = 2.5;
    private static final long REPLY_MILLIS_MAX = 5_000;
    private static final long HEARTBEAT_MILLIS_DEFAULT = 20_000;
    private static final byte[] HEARTBEAT = Json.write(Map.of("type", "heartbeat"));
    private static final byte[] HEARTBEAT_ACK = Json.write(Map.of("type", "heartbeat_ack"));

    private final ClientLoops loops;
    private final EventLoop loop;
    private final Dial dial;
    private final String threadId;
    private final PageListener listener;
    private final SplittableRandom random;
    private final Map<String, byte[]> outbox = new LinkedHashMap<>();

    private @Nullable Line line;
    private @Nullable ScheduledFuture<?> waiting;
    private boolean closed = true;
    private int attempt;
    private int holesInARow;
    private long notBeforeNanos;
    private @Nullable String epoch;
    private long seq;
    private long ackedSeq;
    private boolean ackDue;

    /**
     * A client that is not connected yet.
     *
     * @param loop where it lives
     * @param dial how each of its connections is opened
     * @param seed of its back-off
     */
    public PageClient(ClientLoops loops, EventLoop loop, Dial dial, String threadId, long seed, PageListener listener) {
        this.loops = loops;
        this.loop = loop;
        this.dial = dial;
        this.threadId = threadId;
        this.listener = listener;
        this.random = new SplittableRandom(seed);
    }

    /** Where everything happens. */
    public EventLoop loop() {
        return loop;
    }

    /** Opens, and opens again as often as needed, until {@link #close}. */
    public void connect() {
        loop.execute(() -> {
            closed = false;
            if (line == null) {
                open();
            }
        });
    }

    /** Sends a message now or as soon as there is a connection, and again until the server has it. */
    public void send(String messageId, Map<String, Object> fields) {
        Map<String, Object> frame = new LinkedHashMap<>(fields);
        frame.put("type", "user_message");
        frame.put("thread_id", threadId);
        frame.put("message_id", messageId);
        byte[] json = Json.write(frame);
        loop.execute(() -> {
            outbox.put(messageId, json);
            Line open = line;
            if (open != null && open.ready && notBeforeNanos == 0) {
                open.transmit(json);
            }
        });
    }

    /** Cuts the connection without a word, as a network does; the client comes back by itself. */
    public void cut() {
        loop.execute(() -> {
            Line open = line;
            if (open != null && open.socket != null) {
                open.socket.abort();
            }
        });
    }

    /** Ends the connection and all waiting. */
    public void close() {
        loop.execute(() -> {
            closed = true;
            cancel(waiting);
            acknowledge();
            Line open = detach();
            if (open != null && open.socket != null) {
                open.socket.close("closed by the client");
            }
        });
    }

    // ---- the line: opening, READY, loss

    private void open() {
        notBeforeNanos = 0;
        Line fresh = new Line();
        line = fresh;
        listener.dialling(System.nanoTime());
        fresh.openingTimer = after(OPENING_TIMEOUT.toMillis(), () -> drop("not ready in time"));
        fresh.socket = loops.open(dial, loop, fresh);
    }

    private @Nullable Line detach() {
        Line old = line;
        line = null;
        if (old != null) {
            old.live = false;
            cancel(old.openingTimer);
            cancel(old.watchTimer);
            cancel(old.replyTimer);
        }
        return old;
    }

    /** This side gives the line up. It does not wait for a Close, which a dead line never brings. */
    private void drop(String reason) {
        Line old = detach();
        if (old == null) {
            return;
        }
        if (old.socket != null) {
            old.socket.close(reason);
        }
        ended(SocketEnd.givenUp(old.opened, reason), System.nanoTime());
    }

    private void ended(SocketEnd end, long nowNanos) {
        listener.ended(end, nowNanos);
        if (closed || !end.comeBack()) {
            closed = true;
            return;
        }
        int step = Math.min(BACKOFF_STEPS_MAX, Math.max(attempt, holesInARow));
        long ceiling = Math.min(BACKOFF_CAP_MILLIS, BACKOFF_BASE_MILLIS << step);
        long heldBack = Math.max(0, TimeUnit.NANOSECONDS.toMillis(notBeforeNanos - nowNanos));
        attempt++;
        waiting = after((notBeforeNanos == 0 ? 0 : heldBack) + random.nextLong(ceiling), () -> {
            if (!closed) {
                open();
            }
        });
    }

    private void ready(Line on, ServerFrame frame, long nowNanos) {
        if (on.ready) {
            return;
        }
        on.ready = true;
        cancel(on.openingTimer);
        attempt = 0;
        if (frame.number("heartbeat_ms") > 0) {
            on.heartbeatMillis = frame.number("heartbeat_ms");
        }
        watch(on);
        listener.ready(frame, nowNanos);
        subscribe(on);
        outbox.values().forEach(on::transmit);
    }

    private void subscribe(Line on) {
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "subscribe");
        frame.put("thread_id", threadId);
        if (epoch != null) {
            frame.put("after_seq", seq);
            frame.put("epoch", epoch);
        }
        on.transmit(Json.write(frame));
    }

    // ---- liveness

    private void watch(Line on) {
        long allowed = (long) (on.heartbeatMillis * SILENT_INTERVALS);
        long left = allowed - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - on.lastFrameNanos);
        if (left <= 0 && on.replyTimer == null) {
            on.transmit(HEARTBEAT);
            on.replyTimer = after(Math.min(on.heartbeatMillis, REPLY_MILLIS_MAX), () -> drop("silent"));
        }
        on.watchTimer = after(left > 0 ? left : allowed, () -> watch(on));
    }

    // ---- frames

    private void receive(Line on, ServerFrame frame, long nowNanos) {
        switch (frame.type()) {
            case "handshake_validation" -> {
                on.transmit(Json.write(Map.of("type", "handshake_ack", "validation_id", frame.text("validation_id"))));
                listener.asked(nowNanos);
            }
            case "connection_ready" -> ready(on, frame, nowNanos);
            case "heartbeat" -> on.transmit(HEARTBEAT_ACK);
            case "subscribed" -> subscribed(on, frame, nowNanos);
            case "message_accepted" -> accepted(frame.text("message_id"), nowNanos);
            case "draining" ->
                notBeforeNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(frame.number("reconnect_after_ms"));
            case "error" -> refused(on, frame, nowNanos);
            default -> {
                if (frame.event()) {
                    event(on, frame, nowNanos);
                }
            }
        }
    }

    private void subscribed(Line on, ServerFrame frame, long nowNanos) {
        listener.subscribed(frame, nowNanos);
        if (!frame.text("thread_id").equals(threadId)) {
            return;
        }
        epoch = frame.text("epoch");
        seq = frame.number("from_seq") - 1;
        ackedSeq = seq;
        on.live = true;
    }

    private void event(Line on, ServerFrame frame, long nowNanos) {
        listener.arrived(frame, nowNanos);
        if (!on.live || frame.seq() <= seq || !frame.text("thread_id").equals(threadId)) {
            return;
        }
        if (frame.firstSeq() != seq + 1) {
            holesInARow++;
            listener.hole();
            drop("hole");
            return;
        }
        holesInARow = 0;
        seq = frame.seq();
        if (frame.type().equals("user_message")) {
            accepted(frame.payload().text("message_id"), nowNanos);
        }
        listener.event(frame, nowNanos);
        if (seq - ackedSeq >= ACK_EVERY_EVENTS) {
            acknowledge();
        } else if (!ackDue) {
            ackDue = true;
            after(ACK_EVERY.toMillis(), this::acknowledge);
        }
    }

    private void acknowledge() {
        ackDue = false;
        Line on = line;
        if (on != null && on.live && seq > ackedSeq) {
            ackedSeq = seq;
            on.transmit(Json.write(Map.of("type", "ack", "thread_id", threadId, "seq", seq)));
        }
    }

    private void accepted(String messageId, long nowNanos) {
        if (outbox.remove(messageId) != null) {
            listener.accepted(messageId, nowNanos);
        }
    }

    private void refused(Line on, ServerFrame error, long nowNanos) {
        listener.refused(error, nowNanos);
        byte[] message = outbox.get(error.text("message_id"));
        if (message == null) {
            return;
        }
        if (error.truth("retryable")) {
            long pause = REFUSED_BACKOFF_MILLIS / 2 + random.nextLong(REFUSED_BACKOFF_MILLIS / 2);
            after(pause, () -> {
                if (line == on && outbox.containsKey(error.text("message_id"))) {
                    on.transmit(message);
                }
            });
        } else {
            outbox.remove(error.text("message_id"));
        }
    }

    private ScheduledFuture<?> after(long millis, Runnable task) {
        return loop.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private static void cancel(@Nullable ScheduledFuture<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** One socket, from the attempt to open it until it is dropped; what it says later is not heard. */
    private final class Line implements SocketListener {
        private @Nullable ClientSocket socket;
        private boolean opened;
        private boolean ready;
        private boolean live;
        private long heartbeatMillis = HEARTBEAT_MILLIS_DEFAULT;
        private long lastFrameNanos = System.nanoTime();
        private @Nullable ScheduledFuture<?> openingTimer;
        private @Nullable ScheduledFuture<?> watchTimer;
        private @Nullable ScheduledFuture<?> replyTimer;

        void transmit(byte[] json) {
            if (socket != null) {
                socket.text(json);
            }
        }

        @Override
        public void connected() {
            if (line == this) {
                listener.connected();
            }
        }

        @Override
        public void opened(long nowNanos) {
            opened = true;
            if (line == this) {
                listener.opened(nowNanos);
            }
        }

        @Override
        public void pinged(long nowNanos) {
            if (line == this) {
                listener.pinged(nowNanos);
            }
        }

        @Override
        public void text(byte[] utf8, long nowNanos) {
            if (line != this) {
                return;
            }
            lastFrameNanos = nowNanos;
            cancel(replyTimer);
            replyTimer = null;
            Optional<ServerFrame> frame = ServerFrame.read(utf8);
            frame.ifPresent(known -> receive(this, known, nowNanos));
        }

        @Override
        public void ended(SocketEnd end, long nowNanos) {
            if (line == this) {
                detach();
                PageClient.this.ended(end, nowNanos);
            }
        }
    }
}
