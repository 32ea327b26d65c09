package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.Action;
import io.handfast.sim.edge.script.How;
import io.handfast.sim.edge.script.Rule;
import io.handfast.sim.edge.script.Trigger;
import io.handfast.sim.edge.script.Until;
import java.util.List;

/** What a set of rules demands of the edge. */
final class Demands {
    private Demands() {}

    /**
     * Whether something depends on heads and frames. Only then are incomplete heads kept back; without such rules every
     * byte passes as it comes.
     */
    static boolean units(List<Rule> rules) {
        return rules.stream()
                .anyMatch(
                        rule -> units(rule.trigger()) || rule.actions().stream().anyMatch(Demands::units));
    }

    /** Whether the request may still change the backend. */
    static boolean lateDial(List<Rule> rules) {
        return rules.stream()
                .anyMatch(rule -> rule.trigger() instanceof Trigger.Request
                        && rule.actions().stream().anyMatch(action -> action instanceof Action.Reroute));
    }

    private static boolean units(Trigger trigger) {
        return trigger instanceof Trigger.Request
                || trigger instanceof Trigger.Switched
                || trigger instanceof Trigger.Frame;
    }

    private static boolean units(Action action) {
        if (action instanceof Action.Hold hold) {
            return hold.early() != Action.Early.BUFFER || units(hold.until());
        }
        if (action instanceof Action.StopRead stop) {
            return units(stop.until());
        }
        if (action instanceof Action.IdleKill kill) {
            return kill.how() instanceof How.Close;
        }
        if (action instanceof Action.LifetimeKill kill) {
            return kill.how() instanceof How.Close;
        }
        return action instanceof Action.AnswerPings || action instanceof Action.Eat || action instanceof Action.Inject;
    }

    private static boolean units(Until until) {
        return until instanceof Until.Event event && units(event.trigger());
    }
}
