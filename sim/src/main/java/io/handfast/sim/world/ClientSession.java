package io.handfast.sim.world;

import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One connection of a client: its WebSocket stack, and its message handler. */
final class ClientSession implements Cable.Peer, Arrivals.Listener {
    private static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(6);
    private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(8);
    private static final long SUBSCRIBED_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long SILENCE_NANOS = Plan.HEARTBEAT.toNanos() * 5 / 2;
    private static final long BEFORE = Long.MIN_VALUE / 2;

    private final Ground ground;
    private final Client client;
    private final Dice dice;
    private final Life life = new Life();
    private final Arrivals arrivals = new Arrivals(Side.SERVER, this);
    private final Map<String, Long> askedNanos = new HashMap<>();
    private @Nullable Cable cable;
    private long begunNanos;
    private long heardNanos;
    private long handlerNanos = Long.MAX_VALUE;
    private long handlerLateNanos;
    private boolean dropsBehindHead;
    private boolean dropping;
    private boolean open;
    private boolean ready;
    private long stalledUntilNanos = BEFORE;
    private int closeCode = 1006;
    private long reconnectNanos = -1;

    ClientSession(Ground ground, Client client, Dice dice) {
        this.ground = ground;
        this.client = client;
        this.dice = dice;
    }

    /**
     * Connects.
     *
     * @param handlerLateNanos how long after the 101 the message handler is attached (F06)
     * @param dropsBehindHead whether the stack drops what shares a read with the 101 (F02)
     */
    void begin(Cable ofThis, long handlerLateNanos, boolean dropsBehindHead) {
        this.cable = ofThis;
        this.handlerLateNanos = handlerLateNanos;
        this.dropsBehindHead = dropsBehindHead;
        begunNanos = now();
        heardNanos = now();
        StringBuilder target = new StringBuilder("/v1/ws?user=" + client.userId());
        if (!client.views().isEmpty() && dice.chance(70)) {
            String threadId = client.views().firstKey();
            View view = client.views().firstEntry().getValue();
            target.append("&thread_id=").append(threadId).append(view.query());
            askedNanos.put(threadId, now());
        }
        String protocol = client.application() ? "Sec-WebSocket-Protocol: handfast.v1\r\n" : "";
        String request = "GET " + target + " HTTP/1.1\r\nUpgrade: websocket\r\n" + protocol + "\r\n";
        ofThis.client().send(request.getBytes(StandardCharsets.ISO_8859_1), null);
        ofThis.connect();
    }

    private long now() {
        return ground.agenda().getAsLong();
    }

    boolean isOpen() {
        return open && !life.over();
    }

    boolean isReady() {
        return ready && !life.over();
    }

    boolean asksFor(String threadId) {
        return askedNanos.containsKey(threadId);
    }

    // ---- what it sends

    void text(String json) {
        send(Opcode.TEXT, json.getBytes(StandardCharsets.UTF_8));
    }

    void ping() {
        send(Opcode.PING, new byte[] {1, 2, 3});
    }

    void binary() {
        send(Opcode.BINARY, new byte[] {1});
    }

    void subscribe(String threadId, View view) {
        askedNanos.put(threadId, now());
        text("{\"type\":\"subscribe\",\"thread_id\":\"" + threadId + "\"" + view.members() + "}");
    }

    void readAgain(String threadId, View view) {
        view.asksAgain();
        text("{\"type\":\"subscribe\",\"thread_id\":\"" + threadId + "\"}");
    }

    private void send(Opcode opcode, byte[] payload) {
        if (cable != null && !life.over()) {
            cable.client().send(Frames.frame(Side.CLIENT, opcode, payload, dice.below(Integer.MAX_VALUE)), null);
        }
    }

    // ---- what its user does

    /** Reads nothing for so long; 0 reads on. */
    void stall(long nanos) {
        if (cable != null && !life.over()) {
            stalledUntilNanos = nanos == 0 ? BEFORE : now() + nanos;
            cable.client().reads(nanos == 0);
            if (nanos > 0) {
                ground.counts().count("clients that stalled");
                ground.agenda().in(nanos, life, () -> {
                    heardNanos = now();
                    stall(0);
                });
            }
        }
    }

    /** Its edge does nothing new, and it reads on. */
    void heal() {
        if (cable != null) {
            cable.calm();
        }
        stall(0);
    }

    /** Goes, in one of the ways in which clients go. */
    void leave() {
        switch (dice.below(4)) {
            case 0 -> abort("reset");
            case 1 -> {
                send(Opcode.CLOSE, code(1000));
                over(1006);
                if (cable != null) {
                    cable.client().finish();
                }
            }
            case 2 -> {
                if (cable != null) {
                    cable.client().finish();
                }
                over(1006);
            }
            default -> {
                // Out of the tunnel: nobody hears of it (F11).
                if (cable != null) {
                    cable.client().vanish();
                }
                over(1006);
            }
        }
        ground.counts().count("clients that left");
    }

    void abort(String why) {
        ground.trace().line(client.name(), "gives the connection up: %s", why);
        if (cable != null) {
            cable.client().reset();
        }
        over(1006);
    }

    private static byte[] code(int code) {
        return new byte[] {(byte) (code >> 8), (byte) code};
    }

    private void over(int code) {
        if (!life.over()) {
            life.end();
            client.disconnected(this, code, reconnectNanos);
        }
    }

    /** Gives up what leads to nothing; whether it has. */
    boolean watch() {
        if (life.over() || now() < stalledUntilNanos) {
            return false;
        }
        String why = "";
        if (!open && now() - begunNanos > OPEN_NANOS) {
            why = "no 101";
        } else if (open && !ready && now() - handlerNanos > READY_NANOS) {
            why = "not READY";
        } else if (open && now() - heardNanos > SILENCE_NANOS) {
            why = "silence";
        }
        for (Map.Entry<String, View> view : client.views().entrySet()) {
            long asked = askedNanos.getOrDefault(view.getKey(), Long.MAX_VALUE / 2);
            if (ready && !view.getValue().isSubscribed() && now() - asked > SUBSCRIBED_NANOS) {
                why = "no answer to the subscription of " + view.getKey();
            }
        }
        if (why.isEmpty()) {
            return false;
        }
        abort(why);
        return true;
    }

    // ---- what arrives

    @Override
    public void received(byte[] bytes) {
        dropping = false;
        arrivals.feed(bytes, false);
    }

    @Override
    public void head(Unit unit, String head) {
        if (unit instanceof Unit.Response response && response.status() == 101) {
            open = true;
            dropping = dropsBehindHead;
            handlerNanos = now() + handlerLateNanos;
        } else {
            ground.counts().count("upgrades refused");
        }
        heardNanos = now();
    }

    @Override
    public void frame(Opcode opcode, byte[] payload, boolean mark) {
        if (life.over()) {
            return;
        }
        if (dropping) {
            ground.counts().count("frames dropped behind the 101 by a client");
            return;
        }
        switch (opcode) {
            case PING -> send(Opcode.PONG, payload);
            case CLOSE -> closed(payload);
            case TEXT -> {
                heardNanos = now();
                if (now() < handlerNanos) {
                    ground.counts().count("messages before the handler of a client");
                } else {
                    message(payload);
                }
            }
            default -> {}
        }
    }

    @Override
    public void garbage() {
        if (!life.over()) {
            abort("no WebSocket");
        }
    }

    private void closed(byte[] payload) {
        closeCode = payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        ground.counts().count("close codes: " + closeCode);
        send(Opcode.CLOSE, payload.length < 2 ? payload : code(closeCode));
        if (cable != null) {
            cable.client().finish();
        }
        over(closeCode);
    }

    @Override
    public void ended() {
        if (cable != null && !life.over()) {
            cable.client().finish();
        }
        over(closeCode);
    }

    @Override
    public void reset() {
        over(closeCode);
    }

    @Override
    public void flowed() {}

    private void message(byte[] json) {
        Map<?, ?> frame = JsonFrame.members(json);
        String type = String.valueOf(frame.get("type"));
        String threadId = frame.get("thread_id") instanceof String id ? id : null;
        switch (type) {
            case "handshake_validation" -> {
                if (client.application()) {
                    text("{\"type\":\"handshake_ack\",\"validation_id\":\"" + frame.get("validation_id") + "\"}");
                }
            }
            case "connection_ready" -> ready();
            case "heartbeat" -> {
                if (client.application()) {
                    text("{\"type\":\"heartbeat_ack\"}");
                }
            }
            case "draining" ->
                reconnectNanos = TimeUnit.MILLISECONDS.toNanos(JsonFrame.number(frame, "reconnect_after_ms"))
                        + dice.millis(0, 50);
            case "message_accepted" ->
                client.accepted(
                        String.valueOf(frame.get("message_id")),
                        String.valueOf(threadId),
                        String.valueOf(frame.get("run_id")));
            case "error" -> refused(frame, threadId);
            case "subscribed" -> subscribed(frame, threadId);
            case "unsubscribed" -> unsubscribed(threadId);
            case "heartbeat_ack", "history_gap", "cancel_accepted" -> {}
            default -> event(frame, threadId, json);
        }
    }

    private void ready() {
        if (!ready) {
            ready = true;
            client.ready(this);
        }
    }

    private void subscribed(Map<?, ?> frame, @Nullable String threadId) {
        ready(); // its connection_ready is lost
        View view = threadId == null ? null : client.views().get(threadId);
        if (view != null) {
            view.subscribed(frame);
        }
    }

    private void unsubscribed(@Nullable String threadId) {
        View view = threadId == null ? null : client.views().get(threadId);
        if (threadId != null && view != null) {
            view.unsubscribed();
            subscribeLater(threadId, view);
        }
    }

    private void event(Map<?, ?> frame, @Nullable String threadId, byte[] json) {
        View view = threadId == null ? null : client.views().get(threadId);
        if (view == null) {
            return;
        }
        switch (view.event(frame, json)) {
            case PROCESSED -> ground.counts().count("events processed");
            case REPEATED -> ground.counts().count("events ignored as repeated");
            case HOLE -> {
                ground.counts().count("holes seen by clients");
                abort("a hole before seq " + frame.get("seq") + " of " + threadId);
            }
        }
    }

    private void refused(Map<?, ?> frame, @Nullable String threadId) {
        String request = String.valueOf(frame.get("request"));
        client.refused(
                request,
                String.valueOf(frame.get("code")),
                Boolean.TRUE.equals(frame.get("retryable")),
                frame.get("message_id") instanceof String id ? id : null,
                threadId);
        View view = threadId == null ? null : client.views().get(threadId);
        if (request.equals("subscribe") && threadId != null && view != null && !view.isSubscribed()) {
            subscribeLater(threadId, view);
        }
    }

    private void subscribeLater(String threadId, View view) {
        askedNanos.put(threadId, now());
        ground.agenda().in(dice.millis(300, 700), life, () -> {
            if (!view.isSubscribed()) {
                subscribe(threadId, view);
            }
        });
    }
}
