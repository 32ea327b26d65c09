package io.handfast.sim.edge.script;

import io.handfast.sim.edge.script.Action.Counting;
import io.handfast.sim.edge.script.Action.Early;
import io.handfast.sim.edge.script.Trigger.Moment;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads one action; with {@code both} sides it stands for two. */
final class ActionParser {
    private static final long COALESCE_WITHIN_NANOS = 1_000_000_000L;
    private static final long DRIBBLE_EVERY_NANOS = 1_000_000L;
    /** Cloud Run's, docs/edges/profiles.md. */
    private static final long KILL_AFTER_NANOS = 10_000_000_000L;

    private final Trigger trigger;

    ActionParser(Trigger trigger) {
        this.trigger = trigger;
    }

    List<Action> parse(String part) {
        Words words = new Words(part);
        List<Action> actions = actions(words);
        words.end();
        return actions;
    }

    private List<Action> actions(Words words) {
        String verb = words.next("an action");
        return switch (verb) {
            case "hold" -> hold(words);
            case "stop-read" -> stopRead(words);
            case "delay" -> delay(words);
            case "coalesce" -> List.of(coalesce(words));
            case "dribble" -> dribble(words);
            case "drop" -> List.of(drop());
            case "blackhole" -> each(words.sides(), Action.Blackhole::new);
            case "fin" -> List.of(new Action.Fin(words.sidesIfSaid()));
            case "rst" -> List.of(new Action.Rst(words.sidesIfSaid()));
            case "idle-kill" -> List.of(idleKill(words));
            case "lifetime-kill" -> List.of(new Action.LifetimeKill(words.nanos(), how(words)));
            case "answer-pings" -> each(words.sides(), Action.AnswerPings::new);
            case "eat-pings" -> each(words.sides(), side -> new Action.Eat(Opcode.PING, side));
            case "eat-pongs" -> each(words.sides(), side -> new Action.Eat(Opcode.PONG, side));
            case "inject" -> List.of(inject(words));
            case "reroute" -> List.of(reroute(words));
            case "sigterm" -> List.of(terminate(words));
            case "barrier" -> List.of(new Action.Barrier(words.name("name of a barrier")));
            case "release" -> List.of(new Action.Release(words.name("name of a barrier")));
            case "note" -> List.of(new Action.Remark(words.rest("a text")));
            default ->
                throw new Complaint(
                        "'" + verb + "' is no action; allowed: hold, stop-read, delay, coalesce, dribble, drop,"
                                + " blackhole, fin, rst, idle-kill, lifetime-kill, answer-pings, eat-pings, eat-pongs, inject,"
                                + " reroute, sigterm, barrier, release, note");
        };
    }

    private static List<Action> each(Set<Side> sides, Function<Side, Action> action) {
        return sides.stream().map(action).toList();
    }

    private static List<Action> hold(Words words) {
        Set<Side> sides = words.sides();
        words.expect("until");
        Until until = TriggerParser.until(words);
        Early early = words.accept("early") ? words.oneOf(Early.class, "way with early frames") : Early.BUFFER;
        return each(sides, side -> new Action.Hold(side, until, early));
    }

    private static List<Action> stopRead(Words words) {
        Set<Side> sides = words.sides();
        Until until = words.accept("until") ? TriggerParser.until(words) : new Until.Forever();
        return each(sides, side -> new Action.StopRead(side, until));
    }

    private static List<Action> delay(Words words) {
        Set<Side> sides = words.sides();
        Span span = words.span();
        return each(sides, side -> new Action.Delay(side, span));
    }

    private Action coalesce(Words words) {
        if (!(trigger instanceof Trigger.Switched switched && switched.moment() == Moment.ON)
                && !(trigger instanceof Trigger.Frame frame && frame.moment() == Moment.ON)) {
            throw new Complaint("coalesce begins with the unit of its trigger; allowed there: on 101, on frame");
        }
        long frames = words.count("number of frames");
        words.expectEither("frame", "frames");
        if (frames > 1000) {
            throw new Complaint("'" + frames + "' frames are too many to coalesce; allowed: 1 to 1000");
        }
        return new Action.Coalesce((int) frames, words.accept("within") ? words.nanos() : COALESCE_WITHIN_NANOS);
    }

    private static List<Action> dribble(Words words) {
        Set<Side> sides = words.sides();
        long bytes = words.count("number of bytes");
        words.expectEither("byte", "bytes");
        if (bytes > 1024 * 1024) {
            throw new Complaint("'" + bytes + "' bytes are no dribble; allowed: 1 to 1MiB");
        }
        long everyNanos = words.accept("every") ? words.nanos() : DRIBBLE_EVERY_NANOS;
        long forBytes = Long.MAX_VALUE;
        if (words.accept("for")) {
            forBytes = words.count("number of bytes");
            words.expectEither("byte", "bytes");
        }
        long total = forBytes;
        return each(sides, side -> new Action.Dribble(side, (int) bytes, everyNanos, total));
    }

    private Action drop() {
        boolean unit = (trigger instanceof Trigger.Frame frame && frame.moment() == Moment.ON)
                || (trigger instanceof Trigger.Switched switched && switched.moment() == Moment.ON)
                || (trigger instanceof Trigger.Request request && request.moment() == Moment.ON)
                || trigger instanceof Trigger.Fin;
        if (!unit) {
            throw new Complaint(
                    "drop drops the unit of its trigger, before it is passed on; allowed there: on frame, on 101, on request, on fin");
        }
        return new Action.Drop();
    }

    private static Action idleKill(Words words) {
        long idleNanos = words.nanos();
        words.expect("counting");
        Counting counting = words.oneOf(Counting.class, "way to count");
        Set<Side> from = words.accept("from") ? words.sides() : EnumSet.allOf(Side.class);
        return new Action.IdleKill(idleNanos, counting, from, how(words));
    }

    private static How how(Words words) {
        if (!words.accept("by")) {
            return new How.Fin();
        }
        String word = words.next("how it ends: fin, rst, blackhole or close CODE");
        return switch (word) {
            case "fin" -> new How.Fin();
            case "rst" -> new How.Rst();
            case "blackhole" -> new How.Blackhole();
            case "close" -> new How.Close(words.closeCode());
            default -> throw new Complaint("'" + word + "' ends nothing; allowed: fin, rst, blackhole, close CODE");
        };
    }

    private static Action inject(Words words) {
        words.expect("close");
        int code = words.closeCode();
        return new Action.Inject(code, words.accept("to") ? words.side() : Side.CLIENT);
    }

    private Action reroute(Words words) {
        boolean early = trigger instanceof Trigger.Always
                || (trigger instanceof Trigger.Request request && request.moment() == Moment.ON);
        if (!early) {
            throw new Complaint("reroute cannot move an open connection; allowed there: always, on request");
        }
        return new Action.Reroute(words.name("name of a backend"));
    }

    private static Action terminate(Words words) {
        String backend = words.name("name of a backend");
        return new Action.Terminate(backend, words.accept("kill") ? words.nanos() : KILL_AFTER_NANOS);
    }
}
