package com.example.dice;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rolls dice: "2d6", "d20", "3d8+2". */
public final class DiceAgent implements Agent {
    private static final Pattern ROLL = Pattern.compile("(\\d{0,2})[dD](\\d{1,3})([+-]\\d{1,4})?");

    private final Random random = new SecureRandom();

    @Override
    public String name() {
        return "dice";
    }

    @Override
    public String description() {
        return "Rolls dice: 2d6, d20, 3d8+2.";
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) throws AgentFailure {
        Matcher roll = ROLL.matcher(request.text());
        if (!roll.find()) {
            events.chunk("Tell me what to roll: 2d6, d20, 3d8+2 …");
            return;
        }
        int count = roll.group(1).isEmpty() ? 1 : Integer.parseInt(roll.group(1));
        int sides = Integer.parseInt(roll.group(2));
        int plus = roll.group(3) == null ? 0 : Integer.parseInt(roll.group(3));
        if (count < 1 || sides < 2) {
            throw new AgentFailure("agent_failed", "A roll needs one die with two sides, at least.", false);
        }

        events.toolExecuting("roll-1", "roll", Map.of("count", count, "sides", sides));
        int[] dice = random.ints(count, 1, sides + 1).toArray();
        events.toolCompleted("roll-1", ToolStatus.OK, Arrays.stream(dice).boxed().toList());

        events.chunk("You rolled " + Arrays.toString(dice));
        events.chunk(": " + (Arrays.stream(dice).sum() + plus) + ".");
    }
}
