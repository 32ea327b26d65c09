package io.handfast.connection;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The effects that the adapter has not taken yet. */
final class Outbox {
    private final ArrayDeque<Effect> effects = new ArrayDeque<>(8);
    private boolean blocked;
    private int textsWhileBlocked;
    private boolean dataSent;

    void text(byte[] json) {
        effects.add(new Effect.SendText(json));
        dataSent = true;
        if (blocked) {
            textsWhileBlocked++;
        }
    }

    void entries(Effect.SendEntries entries) {
        effects.add(entries);
        dataSent = true;
    }

    void add(Effect effect) {
        effects.add(effect);
    }

    void observe(Effect.Observation observation) {
        effects.add(new Effect.Observed(observation));
    }

    @Nullable
    Effect poll() {
        return effects.poll();
    }

    /** Output is blocked from now on, or flows again. */
    void blocked(boolean nowBlocked) {
        blocked = nowBlocked;
        if (!nowBlocked) {
            textsWhileBlocked = 0;
        }
    }

    /** Frames that were added to blocked output: what a client costs that asks and does not read. */
    int textsWhileBlocked() {
        return textsWhileBlocked;
    }

    /** Whether a data frame was added since this was last asked. */
    boolean takeDataSent() {
        boolean sent = dataSent;
        dataSent = false;
        return sent;
    }
}
