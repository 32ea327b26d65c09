package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Action;
import io.handfast.sim.edge.script.FrameKind;
import io.handfast.sim.edge.script.How;
import io.handfast.sim.edge.script.Rule;
import io.handfast.sim.edge.script.Span;
import io.handfast.sim.edge.script.Trigger;
import io.handfast.sim.edge.script.Trigger.Moment;
import io.handfast.sim.edge.script.Until;
import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Watches what happens on a link and does what the rules say. */
final class Director {
    /** A closed gate that looks at what comes behind it. */
    private record Guard(Latch latch, Action.Early early, int line) {}

    /** What is being counted into one write. */
    private static final class Gathering {
        private final Latch latch;
        private int framesLeft;

        Gathering(Latch latch, int framesLeft) {
            this.latch = latch;
            this.framesLeft = framesLeft;
        }
    }

    private final Link link;
    private final List<Rule> rules;
    private final Tally tally = new Tally();
    private final List<Latch> latches = new ArrayList<>();
    private final Set<String> releasedBarriers = new HashSet<>();
    private final Map<Side, Guard> guards = new EnumMap<>(Side.class);
    private final Map<Side, Gathering> gatherings = new EnumMap<>(Side.class);
    private boolean finDropped;
    private boolean calm;

    Director(Link link, List<Rule> rules) {
        this.link = link;
        this.rules = rules;
    }

    Tally tally() {
        return tally;
    }

    /** From now on no rule acts; what acts already goes on to its end. */
    void calm() {
        calm = true;
    }

    void opened(long nowNanos) {
        for (Rule rule : rules) {
            if (rule.trigger() instanceof Trigger.Always) {
                perform(rule, null, nowNanos);
            } else if (rule.trigger() instanceof Trigger.Elapsed elapsed) {
                link.at(nowNanos + elapsed.span().draw(link.random()), now -> perform(rule, null, now));
            }
        }
    }

    void unit(Side from, Unit unit, Moment moment, long nowNanos) {
        happened(trigger -> matches(trigger, from, unit, moment), from, nowNanos);
        if (moment == Moment.AFTER && unit instanceof Unit.Frame) {
            gathered(from);
        }
    }

    /** Whether a rule drops the end of the stream. */
    boolean fin(Side from, long nowNanos) {
        finDropped = false;
        happened(trigger -> trigger instanceof Trigger.Fin fin && fin.from() == from, from, nowNanos);
        return finDropped;
    }

    /** At how many bytes from this side, beyond those already received, a rule acts next. */
    long nextByteTrigger(Side from, long receivedBytes) {
        long next = Long.MAX_VALUE;
        for (Rule rule : rules) {
            if (rule.trigger() instanceof Trigger.Bytes bytes
                    && bytes.from() == from
                    && bytes.count() > receivedBytes) {
                next = Math.min(next, bytes.count());
            }
        }
        return next;
    }

    void received(Side from, long count, long nowNanos) {
        happened(
                trigger -> trigger instanceof Trigger.Bytes bytes && bytes.from() == from && bytes.count() == count,
                from,
                nowNanos);
    }

    /** Whether a frame that comes behind something held is to vanish; it may also end the link. */
    boolean early(Side from, long nowNanos) {
        Guard guard = guards.get(from);
        if (guard == null || guard.latch().isOpen(nowNanos)) {
            return false;
        }
        if (guard.early() == Action.Early.RST) {
            link.note(guard.line(), "reset both sides: a frame from " + from + " came too early");
            link.reset("line " + guard.line());
        } else {
            link.note(guard.line(), "dropped an early frame from " + from);
        }
        return true;
    }

    void released(String barrier) {
        releasedBarriers.add(barrier);
        for (Latch latch : latches) {
            if (latch.until().equals(new Until.Barrier(barrier))) {
                latch.open();
            }
        }
    }

    private void happened(Predicate<Trigger> event, Side from, long nowNanos) {
        for (Latch latch : latches) {
            if (latch.until() instanceof Until.Event awaited && event.test(awaited.trigger())) {
                latch.open();
            }
        }
        latches.removeIf(latch -> latch.isOpen(nowNanos));
        for (Rule rule : rules) {
            if (!link.isOver() && event.test(rule.trigger())) {
                perform(rule, from, nowNanos);
            }
        }
    }

    private boolean matches(Trigger trigger, Side from, Unit unit, Moment moment) {
        if (trigger instanceof Trigger.Request request) {
            return request.moment() == moment && unit instanceof Unit.Request head && head.upgrade();
        }
        if (trigger instanceof Trigger.Switched switched) {
            return switched.moment() == moment && unit instanceof Unit.Response head && head.status() == 101;
        }
        return trigger instanceof Trigger.Frame frame
                && unit instanceof Unit.Frame found
                && frame.moment() == moment
                && frame.from() == from
                && frame.kind().matches(found.opcode())
                && frame.numbers().contains(tally.count(from, frame.kind()));
    }

    private void perform(Rule rule, @Nullable Side from, long nowNanos) {
        for (Action action : rule.actions()) {
            if (!link.isOver() && !calm) {
                perform(rule.line(), action, rule.trigger(), from, nowNanos);
            }
        }
    }

    private void perform(int line, Action action, Trigger trigger, @Nullable Side from, long nowNanos) {
        if (action instanceof Action.Hold hold) {
            Latch latch = latch(hold.until(), nowNanos);
            link.lane(hold.from().other()).gate(latch, line, nowNanos);
            link.note(line, "holds what " + hold.from() + " sends");
            if (hold.early() != Action.Early.BUFFER) {
                guards.put(hold.from(), new Guard(latch, hold.early(), line));
            }
        } else if (action instanceof Action.StopRead stop) {
            link.inlet(stop.from()).readAgain(latch(stop.until(), nowNanos));
            link.note(line, "reads no more from " + stop.from());
        } else if (action instanceof Action.Delay delay) {
            link.lane(delay.from().other()).delay(delay.span());
        } else if (action instanceof Action.Coalesce coalesce) {
            gather(line, coalesce, trigger, from, nowNanos);
        } else if (action instanceof Action.Dribble dribble) {
            link.lane(dribble.from().other()).pace(dribble);
            link.note(line, "dribbles what " + dribble.from() + " sends");
        } else if (action instanceof Action.Drop) {
            drop(line, trigger, from);
        } else if (action instanceof Action.Blackhole blackhole) {
            link.inlet(blackhole.from()).blackhole();
            link.note(line, "discards what " + blackhole.from() + " sends");
        } else if (action instanceof Action.IdleKill kill) {
            link.pulse().watch(new Pulse.Limit(line, kill));
        } else if (action instanceof Action.LifetimeKill kill) {
            String age = Span.show(kill.afterNanos());
            link.at(nowNanos + kill.afterNanos(), now -> kill(line, kill.how(), "lifetime of " + age, now));
        } else if (action instanceof Action.AnswerPings answer) {
            link.inlet(answer.from()).answerPings();
        } else if (action instanceof Action.Eat eat) {
            link.inlet(eat.from()).eat(eat.opcode());
        } else if (action instanceof Action.Barrier barrier) {
            barrier(line, barrier.name(), from, nowNanos);
        } else {
            performOutside(line, action, nowNanos);
        }
    }

    /** Actions that end something or concern others than this link. */
    private void performOutside(int line, Action action, long nowNanos) {
        if (action instanceof Action.Fin fin) {
            link.note(line, "fin to " + names(fin.to()));
            if (fin.to().size() == 2) {
                link.close("line " + line, nowNanos);
            } else {
                fin.to().forEach(to -> link.lane(to).end(nowNanos));
            }
        } else if (action instanceof Action.Rst rst) {
            link.note(line, "rst to " + names(rst.to()));
            if (rst.to().size() == 2) {
                link.reset("line " + line);
            } else {
                rst.to().forEach(link::resetOne);
            }
        } else if (action instanceof Action.Inject inject) {
            link.note(line, "close " + inject.code() + " to " + inject.to());
            insertClose(inject.code(), inject.to(), nowNanos);
        } else if (action instanceof Action.Reroute reroute) {
            link.reroute(reroute.backend());
            link.note(line, "goes to backend " + reroute.backend());
        } else if (action instanceof Action.Terminate terminate) {
            link.emit(new Effect.Terminate(terminate.backend(), terminate.killAfterNanos()));
            String later = Span.show(terminate.killAfterNanos());
            link.note(line, "sigterm to " + terminate.backend() + ", kill in " + later);
        } else if (action instanceof Action.Release release) {
            link.note(line, "releases " + release.name());
            link.emit(new Effect.Release(release.name()));
        } else if (action instanceof Action.Remark remark) {
            link.note(line, remark.text());
        }
    }

    void kill(int line, How how, String why, long nowNanos) {
        if (how instanceof How.Fin) {
            link.note(line, why + ": fin to both");
            link.close(why, nowNanos);
        } else if (how instanceof How.Rst) {
            link.note(line, why + ": rst to both");
            link.reset(why);
        } else if (how instanceof How.Blackhole) {
            link.note(line, why + ": everything vanishes from now on");
            link.inlet(Side.CLIENT).blackhole();
            link.inlet(Side.SERVER).blackhole();
        } else if (how instanceof How.Close close) {
            link.note(line, why + ": close " + close.code() + " to client, fin to both");
            // A Close behind something that is lost would be read as a piece of it.
            if (!link.lane(Side.CLIENT).cut(nowNanos)) {
                insertClose(close.code(), Side.CLIENT, nowNanos);
            }
            link.close(why, nowNanos);
        }
    }

    private void insertClose(int code, Side to, long nowNanos) {
        Side from = to.other();
        link.inlet(from).insert(Frames.close(from, code, link.random().nextInt()), true, nowNanos);
    }

    private void gather(int line, Action.Coalesce coalesce, Trigger trigger, @Nullable Side from, long nowNanos) {
        Side side = trigger instanceof Trigger.Frame && from != null ? from : Side.SERVER;
        Latch latch = new Latch(new Until.Forever(), nowNanos + coalesce.withinNanos());
        link.lane(side.other()).gate(latch, line, nowNanos);
        int itself = trigger instanceof Trigger.Frame ? 1 : 0;
        gatherings.put(side, new Gathering(latch, coalesce.frames() + itself));
    }

    private void gathered(Side from) {
        Gathering gathering = gatherings.get(from);
        if (gathering != null && --gathering.framesLeft == 0) {
            gathering.latch.open();
            gatherings.remove(from);
        }
    }

    private void drop(int line, Trigger trigger, @Nullable Side from) {
        if (trigger instanceof Trigger.Fin) {
            finDropped = true;
            link.note(line, "dropped the fin from " + from);
        } else if (from != null) {
            link.inlet(from).drop();
            link.note(line, "dropped " + name(trigger) + " from " + from);
        }
    }

    private String name(Trigger trigger) {
        if (trigger instanceof Trigger.Frame frame) {
            String kind = frame.kind() == FrameKind.ANY ? "" : frame.kind() + " ";
            return kind + "frame " + tally.count(frame.from(), frame.kind());
        }
        return trigger instanceof Trigger.Switched ? "the 101" : "the request";
    }

    private void barrier(int line, String name, @Nullable Side from, long nowNanos) {
        link.note(line, "stands at barrier " + name);
        Latch latch = latch(new Until.Barrier(name), nowNanos);
        Set<Side> sides = from == null ? EnumSet.allOf(Side.class) : EnumSet.of(from);
        sides.forEach(side -> link.lane(side.other()).gate(latch, line, nowNanos));
    }

    private Latch latch(Until until, long nowNanos) {
        long opensNanos =
                until instanceof Until.Time time ? nowNanos + time.span().draw(link.random()) : Long.MAX_VALUE;
        Latch latch = new Latch(until, opensNanos);
        if (until instanceof Until.Barrier barrier) {
            if (releasedBarriers.contains(barrier.name())) {
                latch.open();
            } else {
                link.emit(new Effect.Await(barrier.name()));
            }
        }
        if (!(until instanceof Until.Time)) {
            latches.add(latch);
        }
        return latch;
    }

    private static String names(Set<Side> sides) {
        return sides.size() == 2 ? "both" : sides.iterator().next().toString();
    }
}
