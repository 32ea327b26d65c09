package io.handfast.sim.world;

import io.handfast.connection.CloseCause;
import io.handfast.connection.Coalescing;
import io.handfast.connection.Connection;
import io.handfast.connection.ConnectionSetup;
import io.handfast.connection.ConnectionState;
import io.handfast.connection.Effect;
import io.handfast.connection.Tier;
import io.handfast.log.Position;
import io.handfast.log.Slice;
import io.handfast.protocol.CloseCode;
import io.handfast.run.Scheduler;
import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One connection at a node: does the duties of an adapter of the connection machine. */
final class ServerEnd implements Cable.Peer, Arrivals.Listener, Watchers.Reader, Output {
    private static final byte[] SWITCHED = ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
    private static final byte[] DRAINING = ascii("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
    private static final long MICROS = 1_700_000_000_000_000L;

    /** A frame that was not given to the machine, because it wants no input or is not there yet. */
    @SuppressWarnings("ArrayRecordComponent") // handed over
    private record Frame(Opcode opcode, byte[] payload, boolean early) {}

    private final Ground ground;
    private final ServerProcess process;
    private final Cable cable;
    private final Life life = new Life();
    private final Dice dice;
    private final String name;
    private final Arrivals arrivals = new Arrivals(Side.CLIENT, this);
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final Set<String> watched = new LinkedHashSet<>();
    private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
    private final Output output;
    private @Nullable Connection machine;
    private @Nullable WireLaw law;
    private @Nullable Runnable onLeave;
    private String userId = "";
    private boolean blocked;
    private boolean pumping;
    private boolean parsing;
    private boolean inputEnded;
    private Scheduler.@Nullable Scheduled alarm;
    private long alarmNanos = Long.MAX_VALUE;

    ServerEnd(Ground ground, ServerProcess process, Cable cable) {
        this.ground = ground;
        this.process = process;
        this.cable = cable;
        this.dice = ground.dice().split();
        this.name = cable.name() + "@" + process.name();
        this.output = ground.seams().output(this);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private long now() {
        return ground.agenda().getAsLong();
    }

    // ---- what arrives

    @Override
    public void received(byte[] bytes) {
        arrivals.feed(bytes, machine == null);
        Connection open = machine;
        if (open != null) {
            open.bytesRead(now());
            pump(open);
            parse();
        }
    }

    @Override
    public void head(Unit unit, String head) {
        // Whoever asks has to wait for the door keeper, who may take his time (F04).
        long delayNanos = dice.chance(20) ? dice.millis(0, 400) : dice.micros(0, 500);
        ground.agenda().in(delayNanos, life, () -> upgrade(head));
    }

    @Override
    public void frame(Opcode opcode, byte[] payload, boolean mark) {
        frames.add(new Frame(opcode, payload, mark));
    }

    @Override
    public void garbage() {
        ground.counts().count("garbage at a server");
    }

    private void upgrade(String head) {
        if (!process.takesConnections()) {
            cable.server().send(DRAINING, null);
            cable.server().finish();
            gone();
            return;
        }
        Map<String, String> query = query(head);
        userId = query.getOrDefault("user", "anonymous");
        Tier tier = head.contains("Sec-WebSocket-Protocol: handfast.v1\r\n") ? Tier.APPLICATION : Tier.TRANSPORT;
        WireLaw ofThis = new WireLaw(ground, name, userId, tier);
        law = ofThis;
        Connection open = new Connection(
                new ConnectionSetup(
                        name,
                        userId,
                        tier,
                        subscription(query, ofThis),
                        ground.plan().readiness(),
                        ground.plan().connection(),
                        dice::any,
                        MICROS + now() / 1_000),
                now());
        machine = open;
        ground.counts().count("connections accepted");
        gathered.writeBytes(SWITCHED);
        onLeave = () -> input(() -> open.upgradeWritten(now()));
        open.accepted(now());
        pump(open);
        parse();
        if (process.leaveByNanos() != Long.MAX_VALUE) {
            drain(process.leaveByNanos());
        }
    }

    private static Map<String, String> query(String head) {
        Map<String, String> query = new HashMap<>();
        String target = head.split(" ", 3)[1];
        for (String pair : target.substring(target.indexOf('?') + 1).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                query.put(parts[0], parts[1]);
            }
        }
        return query;
    }

    private static ConnectionSetup.@Nullable Subscription subscription(Map<String, String> query, WireLaw law) {
        String threadId = query.get("thread_id");
        if (threadId == null) {
            return null;
        }
        String after = query.get("after_seq");
        String epoch = query.get("epoch");
        Position position = new Position.Oldest();
        long asked = WireLaw.Asked.OLDEST;
        if ("latest".equals(after)) {
            position = new Position.Latest();
            asked = WireLaw.Asked.LATEST;
        } else if (after != null) {
            asked = Long.parseLong(after);
            position = new Position.After(asked, epoch);
        }
        law.asked(threadId, new WireLaw.Asked(asked, epoch));
        return new ConnectionSetup.Subscription(threadId, position);
    }

    /** Gives the machine one frame after the other, as long as it wants more. */
    private void parse() {
        Connection open = machine;
        if (parsing || pumping || open == null) {
            return;
        }
        parsing = true;
        while (!life.over() && open.wantsInput() && !frames.isEmpty()) {
            take(open, frames.remove());
        }
        parsing = false;
        cable.server().reads(open.wantsInput());
        if (inputEnded && frames.isEmpty()) {
            inputEnded = false;
            input(() -> open.peerGone(null, now()));
        }
    }

    private void take(Connection open, Frame frame) {
        byte[] payload = frame.payload();
        if (law != null) {
            law.came(frame.opcode(), payload, frame.early());
        }
        ground.trace().line(name, "< %s %s", frame.opcode().toString(), shown(frame.opcode(), payload));
        switch (frame.opcode()) {
            case TEXT -> open.text(payload, frame.early(), now());
            case PING -> open.ping(payload, now());
            case PONG -> open.pong(payload, now());
            case CLOSE ->
                open.peerClose(
                        payload.length < 2 ? 1005 : ByteBuffer.wrap(payload).getShort() & 0xFFFF, "", now());
            default -> open.violation(CloseCode.UNSUPPORTED_DATA, "a " + frame.opcode() + " frame", now());
        }
        pump(open);
    }

    private static Object shown(Opcode opcode, byte[] payload) {
        return opcode == Opcode.TEXT ? payload : payload.length + " bytes";
    }

    @Override
    public void ended() {
        inputEnded = true;
        parse();
        if (machine == null) {
            cable.server().finish();
            gone();
        }
    }

    @Override
    public void reset() {
        Connection open = machine;
        if (open != null && !life.over()) {
            input(() -> open.peerGone("reset", now()));
        }
        gone();
    }

    @Override
    public void flowed() {
        Connection open = machine;
        if (open == null || life.over()) {
            return;
        }
        input(() -> open.progressed(now()));
        flow();
    }

    @Override
    public void headMoved(String threadId) {
        Connection open = machine;
        if (open != null && !life.over()) {
            if (law != null) {
                law.told(threadId);
            }
            input(() -> open.headMoved(threadId, now()));
        }
    }

    @Override
    public String userId() {
        return userId;
    }

    void drain(long leaveByNanos) {
        Connection open = machine;
        if (open == null) {
            return; // the door keeper has not answered yet
        }
        if (law != null) {
            law.leavesBy(leaveByNanos);
        }
        input(() -> open.drain(dice.between(0, 500), leaveByNanos, now()));
    }

    /**
     * The process is gone.
     *
     * @param told whether the peer is told, as the kernel does it, or everything falls silent
     */
    void die(boolean told) {
        if (!told) {
            cable.server().vanish();
        } else if (dice.chance(50)) {
            cable.server().reset();
        } else {
            cable.server().abandon();
        }
        gone();
    }

    // ---- the pump

    private void input(Runnable input) {
        Connection open = machine;
        if (open == null || life.over()) {
            return;
        }
        if (pumping) {
            inbox.add(input);
        } else {
            input.run();
            pump(open);
            parse();
        }
    }

    private void pump(Connection open) {
        if (pumping || life.over()) {
            return;
        }
        pumping = true;
        Runnable waiting;
        do {
            for (Effect effect = open.poll(); effect != null && !life.over(); effect = open.poll()) {
                carryOut(open, effect);
            }
            waiting = inbox.poll();
            if (waiting != null) {
                waiting.run();
            }
        } while (waiting != null && !life.over());
        pumping = false;
        leave();
        arm(open);
        check(open);
    }

    private void arm(Connection open) {
        long dueNanos = open.nextDeadlineNanos();
        if (life.over() || dueNanos >= alarmNanos) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
        }
        alarmNanos = dueNanos;
        alarm = ground.agenda().at(dueNanos, life, () -> {
            alarmNanos = Long.MAX_VALUE;
            input(() -> open.tick(now()));
        });
    }

    private void check(Connection open) {
        CloseCause cause = open.closeCause().orElse(null);
        ground.laws()
                .expect(
                        (cause != null) == (open.state() == ConnectionState.CLOSED),
                        "a connection is closed by one cause",
                        () -> name + ": " + open.state() + " with " + cause);
        ground.laws()
                .expect(
                        cause == null || cause.code() != 1011 || cause.who() != CloseCause.Who.SERVER,
                        "no machine is broken",
                        () -> name + ": " + cause);
        long waiting = cable.server().waitingBytes();
        long bound = ground.plan().highWater()
                + 64L * 1024
                + 2L * ground.plan().connection().readBytes();
        ground.laws()
                .expect(
                        waiting <= bound,
                        "the output of a connection is bounded",
                        () -> name + ": " + waiting + " bytes wait, allowed: " + bound);
    }

    private void carryOut(Connection open, Effect effect) {
        if (effect instanceof Effect.SendEntries send) {
            if (ground.plan().coalescing()) {
                Coalescing.frames(send.threadId(), send.entries()).forEach(frame -> output.frame(Opcode.TEXT, frame));
            } else {
                send.entries().forEach(entry -> output.frame(Opcode.TEXT, entry.json()));
            }
        } else if (effect instanceof Effect.SendText send) {
            output.frame(Opcode.TEXT, send.json());
        } else if (effect instanceof Effect.SendPing send) {
            output.frame(Opcode.PING, send.payload());
        } else if (effect instanceof Effect.SendPong send) {
            output.frame(Opcode.PONG, send.payload());
        } else if (effect instanceof Effect.SendClose send) {
            byte[] code = {(byte) (send.code() >> 8), (byte) send.code()};
            output.frame(Opcode.CLOSE, send.code() == 1005 ? new byte[0] : code);
            leave();
        } else if (effect instanceof Effect.CloseTransport close) {
            closeTransport(open, close.abort());
        } else if (effect instanceof Effect.Read read) {
            read(open, read);
        } else if (effect instanceof Effect.WatchThread watch) {
            if (watched.add(watch.threadId())) {
                process.watchers().add(watch.threadId(), this);
            }
        } else if (effect instanceof Effect.UnwatchThread unwatch) {
            if (watched.remove(unwatch.threadId())) {
                process.watchers().remove(unwatch.threadId(), this);
            }
        } else if (effect instanceof Effect.Observed observed) {
            observe(observed.observation());
        } else {
            request(open, effect);
        }
    }

    private void observe(Effect.Observation observation) {
        if (observation instanceof Effect.Observation.InboundBeforeReady held) {
            ground.counts().count("frames held before READY");
            ground.laws()
                    .expect(
                            held.heldFrames() <= ground.plan().connection().heldFrames()
                                    && held.heldBytes()
                                            <= ground.plan().connection().heldBytes(),
                            "what is held before READY is bounded",
                            () -> name + ": " + held);
        } else if (observation instanceof Effect.Observation.Closed closed) {
            ground.trace().line(name, "is over: %s", closed.cause().toString());
            ground.counts().count("closed: " + closed.cause().reason());
        } else if (observation instanceof Effect.Observation.LateProof) {
            ground.counts().count("late proofs");
        }
    }

    private void request(Connection open, Effect effect) {
        if (effect instanceof Effect.Claim claim) {
            answer(
                    process.log().claim(claim.threadId(), userId),
                    outcome -> open.claimed(claim.threadId(), outcome, now()));
        } else if (effect instanceof Effect.PostMessage post) {
            String threadId = post.message().threadId();
            String messageId = post.message().messageId();
            answer(
                    process.conversations().post(userId, post.message()),
                    outcome -> open.posted(threadId, messageId, outcome, now()));
        } else if (effect instanceof Effect.CancelRun cancel) {
            answer(
                    process.conversations().cancel(userId, cancel.threadId(), cancel.run()),
                    outcome -> open.cancelled(cancel.threadId(), cancel.run(), outcome, now()));
        } else {
            throw new IllegalStateException("an effect that nobody carries out: " + effect);
        }
    }

    private <T> void answer(CompletionStage<T> stage, Consumer<T> take) {
        CompletionStage<Void> unused =
                stage.thenAccept(value -> process.loop().execute(() -> input(() -> take.accept(value))));
    }

    private void read(Connection open, Effect.Read read) {
        Slice slice = process.log().tail(read.threadId(), read.after(), read.maxBytes());
        if (slice instanceof Slice.Behind) {
            ground.counts().count("loads");
            answer(
                    process.log().load(read.threadId(), read.after(), read.maxBytes()),
                    loaded -> open.read(read.threadId(), loaded, now()));
        } else {
            input(() -> open.read(read.threadId(), slice, now()));
        }
    }

    // ---- output

    @Override
    public void frame(Opcode opcode, byte[] payload) {
        if (law != null) {
            law.goes(opcode, payload);
        }
        ground.trace().line(name, "> %s %s", opcode.toString(), shown(opcode, payload));
        gathered.writeBytes(Frames.frame(Side.SERVER, opcode, payload, 0));
        if (gathered.size() >= ground.plan().lowWater()) {
            leave();
        }
    }

    @Override
    public boolean writable() {
        return !blocked;
    }

    private void leave() {
        if (gathered.size() == 0 || life.over()) {
            return;
        }
        Runnable upgradeWritten = onLeave;
        onLeave = null;
        cable.server().send(gathered.toByteArray(), () -> {
            if (upgradeWritten != null) {
                upgradeWritten.run();
            }
            Connection open = machine;
            if (open != null && !life.over()) {
                input(() -> open.written(now()));
                flow();
            }
        });
        gathered.reset();
        flow();
    }

    /** Tells the machine when output becomes blocked, and when it flows again. */
    private void flow() {
        Connection open = machine;
        long waiting = cable.server().waitingBytes();
        boolean nowBlocked = blocked
                ? waiting >= ground.plan().lowWater()
                : waiting > ground.plan().highWater();
        if (open != null && nowBlocked != blocked) {
            blocked = nowBlocked;
            if (nowBlocked) {
                ground.counts().count("output blocked");
            }
            input(() -> open.writable(!nowBlocked, now()));
        }
    }

    private void closeTransport(Connection open, boolean abort) {
        if (!abort) {
            leave();
            cable.server().finish();
        } else if (open.closeCause().map(CloseCause::who).orElse(CloseCause.Who.SERVER) == CloseCause.Who.NETWORK) {
            cable.server().reset();
        } else {
            cable.server().abandon();
        }
        // What is left of the effects is for the journal.
        for (Effect effect = open.poll(); effect != null; effect = open.poll()) {
            if (effect instanceof Effect.Observed observed) {
                observe(observed.observation());
            }
        }
        gone();
    }

    /** The transport is gone. */
    private void gone() {
        if (!life.over()) {
            life.end();
            watched.forEach(threadId -> process.watchers().remove(threadId, this));
            watched.clear();
            process.forget(this);
        }
    }
}
