package io.handfast.log;

import io.handfast.protocol.Outcome;

/** Changes nothing; done when everything that was asked for before it is. */
final class BarrierRequest extends Request<Boolean> {
    @Override
    long bytes() {
        return 0; // never refused for want of room: the log is closed behind it
    }

    @Override
    Outcome<Boolean> decide(Workspace workspace) {
        return Outcome.done(true);
    }
}
