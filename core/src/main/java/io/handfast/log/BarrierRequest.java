package io.handfast.log;

import io.handfast.protocol.Outcome;

/** Changes nothing; done when everything that was asked for before it is. */
final class BarrierRequest extends Request<Boolean> {
    @Override
    Outcome<Boolean> decide(Workspace workspace) {
        return Outcome.done(true);
    }
}
