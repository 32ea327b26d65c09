package io.handfast.sim.world;

import io.handfast.run.Scheduler;
import io.handfast.sim.edge.link.Effect;
import io.handfast.sim.edge.link.Link;
import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Side;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection from a client over an edge to a node: the kernels' buffers at both ends, the ways, and the {@link Link} in the
 * middle, which is that of {@code handfast edge}.
 */
final class Cable {
    /** One end. Is told on its own, never from within a call of its own. */
    interface Peer {
        void received(byte[] bytes);

        /** The other end sends no more. */
        void ended();

        void reset();

        /** The kernel has taken some of what was sent. */
        void flowed();
    }

    /** Connects to backends. */
    interface Dialer {
        /** The peer that answers, or null when nobody does. */
        @Nullable
        Peer dial(String backend, Cable cable);

        void terminate(String backend, long killAfterNanos);
    }

    private final Ground ground;
    private final Dialer dialer;
    private final String name;
    private final Link link;
    private final Life life = new Life();
    private final End client;
    private final End server;
    private Scheduler.@Nullable Scheduled alarm;
    private long alarmNanos = Long.MAX_VALUE;
    private boolean settling;
    private boolean again;

    /** @param number of the connection, from 1 */
    Cable(Ground ground, Script script, long number, String backend, Peer client, Dialer dialer) {
        this.ground = ground;
        this.dialer = dialer;
        this.name = "#" + number;
        this.client = new End(Side.CLIENT);
        this.server = new End(Side.SERVER);
        this.client.peer = client;
        this.link = new Link(
                script, number, ground.dice().any(), backend, ground.agenda().getAsLong());
    }

    String name() {
        return name;
    }

    /** The first call. */
    void connect() {
        settle();
    }

    /** The edge does nothing new any more. */
    void calm() {
        link.calm();
    }

    End client() {
        return client;
    }

    End server() {
        return server;
    }

    /** One end: its socket and the two ways between it and the edge. */
    final class End {
        private final Side side;
        private final Dice dice = ground.dice().split();
        private final long latencyMaxMillis = ground.plan().latencyMaxMillis();

        /** Sent, and not taken by the kernel. */
        private final ArrayDeque<Sent> waiting = new ArrayDeque<>();

        /** Arrived at the edge, which has not read it. */
        private final ArrayDeque<Sent> atEdge = new ArrayDeque<>();

        /** Arrived here; null for the end of the stream. */
        private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();

        private @Nullable Peer peer;
        private long waitingBytes;
        private long kernelBytes;
        private long outNanos;
        private long inNanos;
        private boolean reading = true;
        private boolean gone;

        private static final byte[] END = new byte[0];

        @SuppressWarnings("ArrayRecordComponent") // handed over
        private record Sent(byte[] bytes, @Nullable Runnable taken) {}

        End(Side side) {
            this.side = side;
        }

        /**
         * Sends bytes behind all others.
         *
         * @param taken runs when the kernel has them; null for nothing
         */
        void send(byte[] bytes, @Nullable Runnable taken) {
            if (!gone) {
                waiting.add(new Sent(bytes, taken));
                waitingBytes += bytes.length;
                push();
            }
        }

        /** Ends the stream behind everything that was sent, and reads no more. */
        void finish() {
            send(END, null);
            peer = null;
            arrived.clear();
        }

        /** Ends the stream behind what the kernel has, and reads no more. */
        void abandon() {
            waiting.clear();
            waitingBytes = 0;
            finish();
        }

        /** Resets the connection. */
        void reset() {
            vanish();
            ground.agenda().in(latency(), life, () -> {
                link.rst(side, now());
                settle();
            });
        }

        /** Falls silent: nobody is told. */
        void vanish() {
            gone = true;
            peer = null;
            waiting.clear();
            waitingBytes = 0;
            arrived.clear();
        }

        /** Whether this end takes what arrives. */
        void reads(boolean nowReading) {
            if (reading != nowReading) {
                reading = nowReading;
                link.writable(side, nowReading, now());
                deliver();
                settle();
            }
        }

        long waitingBytes() {
            return waitingBytes;
        }

        private long latency() {
            return dice.micros(20, 200) + dice.millis(0, latencyMaxMillis);
        }

        private void push() {
            while (!waiting.isEmpty() && kernelBytes < ground.plan().kernelBytes()) {
                Sent sent = waiting.remove();
                waitingBytes -= sent.bytes().length;
                kernelBytes += sent.bytes().length;
                outNanos = Math.max(outNanos, now() + latency());
                ground.agenda().at(outNanos, life, () -> {
                    atEdge.add(sent);
                    settle();
                });
                Runnable taken = sent.taken();
                if (taken != null && !gone) {
                    ground.agenda().in(0, life, taken);
                }
            }
        }

        /** Lets the edge read, if it wants to; whether it has. */
        private boolean feed() {
            boolean fed = false;
            while (!atEdge.isEmpty() && link.wantsInput(side) && (side == Side.CLIENT || client.reading)) {
                Sent sent = atEdge.remove();
                kernelBytes -= sent.bytes().length;
                fed = true;
                if (sent.bytes() == END) {
                    link.fin(side, now());
                } else {
                    link.bytes(side, sent.bytes(), 0, sent.bytes().length, now());
                }
            }
            if (fed && !gone) {
                push();
                ground.agenda().in(0, life, () -> {
                    if (peer != null) {
                        peer.flowed();
                    }
                });
            }
            return fed;
        }

        private void arrive(byte[] bytes) {
            inNanos = Math.max(inNanos, now() + latency());
            ground.agenda().at(inNanos, life, () -> {
                if (peer != null) {
                    arrived.add(bytes);
                    deliver();
                }
            });
        }

        private void deliver() {
            while (reading && peer != null && !arrived.isEmpty()) {
                byte[] bytes = arrived.remove();
                if (bytes == END) {
                    peer.ended();
                } else {
                    peer.received(bytes);
                }
            }
        }

        private void wasReset() {
            Peer told = peer;
            vanish();
            if (told != null) {
                ground.agenda().in(latency(), life, told::reset);
            }
        }
    }

    private long now() {
        return ground.agenda().getAsLong();
    }

    private void settle() {
        if (settling) {
            again = true;
            return;
        }
        settling = true;
        do {
            boolean fed = client.feed();
            again = server.feed() || fed;
            for (Effect effect = link.poll(); effect != null; effect = link.poll()) {
                carryOut(effect);
                again = true;
            }
        } while (again);
        settling = false;
        arm();
    }

    private void arm() {
        long dueNanos = link.nextDeadlineNanos();
        if (dueNanos >= alarmNanos || life.over()) {
            return; // the alarm that is set comes early, and sets the right one
        }
        if (alarm != null) {
            alarm.cancel();
        }
        alarmNanos = dueNanos;
        alarm = ground.agenda().at(dueNanos, life, () -> {
            alarmNanos = Long.MAX_VALUE;
            link.tick(now());
            settle();
        });
    }

    private End end(Side side) {
        return side == Side.CLIENT ? client : server;
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Forward forward) {
            byte[] bytes = new byte[forward.bytes().remaining()];
            forward.bytes().get(bytes);
            end(forward.to()).arrive(bytes);
        } else if (effect instanceof Effect.Finish finish) {
            end(finish.to()).arrive(End.END);
        } else if (effect instanceof Effect.Reset reset) {
            end(reset.to()).wasReset();
        } else if (effect instanceof Effect.Dial dial) {
            ground.agenda().in(server.latency(), life, () -> dial(dial.backend()));
        } else if (effect instanceof Effect.Terminate terminate) {
            dialer.terminate(terminate.backend(), terminate.killAfterNanos());
        } else if (effect instanceof Effect.Await await) {
            // Barriers need a hand from outside; in a world, time opens them.
            ground.agenda().in(client.dice.millis(0, 2_000), life, () -> {
                link.released(await.barrier(), now());
                settle();
            });
        } else if (effect instanceof Effect.Note note) {
            if (note.line() > 0) {
                ground.trace().line(name, "edge: %s", note.text());
                ground.counts().count("edge: " + kind(note.text()));
            }
        } else if (effect instanceof Effect.Done) {
            client.arrive(End.END);
            server.arrive(End.END);
        }
    }

    /** What an edge notes without its numbers, so that equal things count as equal. The 101 is none. */
    static String kind(String note) {
        return note.split("[:,]", 2)[0].replaceAll("( (after|of|for|in))? (?!101\\b)[0-9]\\S*", "");
    }

    private void dial(String backend) {
        Peer answering = dialer.dial(backend, this);
        if (answering == null) {
            link.dialFailed("refused", now());
        } else {
            server.peer = answering;
            link.dialed(now());
        }
        settle();
    }
}
