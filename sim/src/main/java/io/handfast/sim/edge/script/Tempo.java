package io.handfast.sim.edge.script;

/** Multiplies the times in rules. */
final class Tempo {
    private Tempo() {}

    static Rule apply(Rule rule, double factor) {
        return new Rule(
                rule.line(),
                rule.selector(),
                trigger(rule.trigger(), factor),
                rule.actions().stream().map(action -> action(action, factor)).toList());
    }

    private static Trigger trigger(Trigger trigger, double factor) {
        return trigger instanceof Trigger.Elapsed elapsed
                ? new Trigger.Elapsed(elapsed.span().times(factor))
                : trigger;
    }

    private static Action action(Action action, double factor) {
        if (action instanceof Action.Hold hold) {
            return new Action.Hold(hold.from(), until(hold.until(), factor), hold.early());
        }
        if (action instanceof Action.StopRead stop) {
            return new Action.StopRead(stop.from(), until(stop.until(), factor));
        }
        if (action instanceof Action.Delay delay) {
            return new Action.Delay(delay.from(), delay.span().times(factor));
        }
        if (action instanceof Action.Coalesce coalesce) {
            return new Action.Coalesce(coalesce.frames(), (long) (coalesce.withinNanos() * factor));
        }
        if (action instanceof Action.Dribble dribble) {
            long everyNanos = Math.max(1, (long) (dribble.everyNanos() * factor));
            return new Action.Dribble(dribble.from(), dribble.bytes(), everyNanos, dribble.forBytes());
        }
        if (action instanceof Action.IdleKill kill) {
            return new Action.IdleKill((long) (kill.idleNanos() * factor), kill.counting(), kill.from(), kill.how());
        }
        if (action instanceof Action.LifetimeKill kill) {
            return new Action.LifetimeKill((long) (kill.afterNanos() * factor), kill.how());
        }
        if (action instanceof Action.Terminate terminate) {
            return new Action.Terminate(terminate.backend(), (long) (terminate.killAfterNanos() * factor));
        }
        return action;
    }

    private static Until until(Until until, double factor) {
        return until instanceof Until.Time time ? new Until.Time(time.span().times(factor)) : until;
    }
}
