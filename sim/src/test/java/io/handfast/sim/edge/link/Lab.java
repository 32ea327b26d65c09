package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Bytes;
import io.handfast.sim.edge.wire.Side;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A link in virtual time: verbs let peers act, nouns say what has come of it. */
final class Lab {
    private final Link link;
    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
    private final List<String> events = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<Integer> writesToClient = new ArrayList<>();
    private long nowNanos = 1_000_000_000L;

    private Lab(Script script, long connection) {
        link = new Link(script, connection, 7, "a", nowNanos);
        drain();
    }

    static Lab with(String script) {
        return connection(1, script);
    }

    static Lab connection(long number, String script) {
        return new Lab(Script.parse("test", script), number).dialed();
    }

    static Lab undialled(String script) {
        return new Lab(Script.parse("test", script), 1);
    }

    Lab dialed() {
        link.dialed(nowNanos);
        return drain();
    }

    Lab dialFailed() {
        link.dialFailed("refused", nowNanos);
        return drain();
    }

    /** Both have said what makes a WebSocket, and it has arrived; what arrived is taken away. */
    Lab upgraded() {
        client(Bytes.REQUEST).server(Bytes.SWITCHED);
        atServer();
        atClient();
        return this;
    }

    Lab client(byte[]... parts) {
        return says(Side.CLIENT, Bytes.join(parts));
    }

    Lab server(byte[]... parts) {
        return says(Side.SERVER, Bytes.join(parts));
    }

    private Lab says(Side side, byte[] bytes) {
        link.bytes(side, bytes, 0, bytes.length, nowNanos);
        return drain();
    }

    Lab fin(Side side) {
        link.fin(side, nowNanos);
        return drain();
    }

    Lab rst(Side side) {
        link.rst(side, nowNanos);
        return drain();
    }

    Lab writable(Side side, boolean writable) {
        link.writable(side, writable, nowNanos);
        return drain();
    }

    Lab released(String barrier) {
        link.released(barrier, nowNanos);
        return drain();
    }

    /** Lets time pass, deadline by deadline. */
    Lab pass(Duration time) {
        long until = nowNanos + time.toNanos();
        while (link.nextDeadlineNanos() <= until) {
            long deadline = link.nextDeadlineNanos();
            nowNanos = Math.max(nowNanos, deadline);
            link.tick(nowNanos);
            drain();
            if (link.nextDeadlineNanos() == deadline) {
                throw new AssertionError("the deadline did not move when it came");
            }
        }
        nowNanos = until;
        return this;
    }

    Lab passMillis(long millis) {
        return pass(Duration.ofMillis(millis));
    }

    private Lab drain() {
        for (Effect effect = link.poll(); effect != null; effect = link.poll()) {
            if (effect instanceof Effect.Forward forward) {
                byte[] bytes = new byte[forward.bytes().remaining()];
                forward.bytes().get(bytes);
                (forward.to() == Side.CLIENT ? toClient : toServer).writeBytes(bytes);
                if (forward.to() == Side.CLIENT) {
                    writesToClient.add(bytes.length);
                }
            } else if (effect instanceof Effect.Note note) {
                notes.add(note.text());
            } else {
                events.add(name(effect));
            }
        }
        return this;
    }

    private static String name(Effect effect) {
        if (effect instanceof Effect.Dial dial) {
            return "dial " + dial.backend();
        } else if (effect instanceof Effect.Finish finish) {
            return "fin " + finish.to();
        } else if (effect instanceof Effect.Reset reset) {
            return "rst " + reset.to();
        } else if (effect instanceof Effect.Terminate terminate) {
            return "sigterm " + terminate.backend() + " kill " + terminate.killAfterNanos() / 1_000_000 + "ms";
        } else if (effect instanceof Effect.Await await) {
            return "await " + await.barrier();
        } else if (effect instanceof Effect.Release release) {
            return "release " + release.barrier();
        }
        return "done";
    }

    /** What has arrived since the last look. */
    byte[] atClient() {
        writesToClient.clear();
        return take(toClient);
    }

    byte[] atServer() {
        return take(toServer);
    }

    private static byte[] take(ByteArrayOutputStream stream) {
        byte[] bytes = stream.toByteArray();
        stream.reset();
        return bytes;
    }

    /** The sizes of the writes to the client since the last look at its bytes. */
    List<Integer> writesToClient() {
        return List.copyOf(writesToClient);
    }

    /** What was asked for beside bytes and notes, since the last look. */
    List<String> events() {
        List<String> seen = List.copyOf(events);
        events.clear();
        return seen;
    }

    List<String> notes() {
        return notes;
    }

    Link link() {
        return link;
    }
}
