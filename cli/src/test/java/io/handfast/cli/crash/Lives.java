package io.handfast.cli.crash;

import io.handfast.cli.crash.ThreadCopy.Interruption;

/**
 * What a row of servers went through.
 *
 * @param kills ends by SIGKILL, those before the server took connections included
 * @param early kills before the server took connections
 * @param stops ends by SIGTERM
 */
record Lives(
        int kills,
        int early,
        int stops,
        long accepted,
        long repeated,
        long shown,
        long deleted,
        Interruption interruption) {
    static final Lives NONE = new Lives(0, 0, 0, 0, 0, 0, 0, new Interruption(0, 0, 0));

    Lives plus(Lives more) {
        return new Lives(
                kills + more.kills,
                early + more.early,
                stops + more.stops,
                accepted + more.accepted,
                repeated + more.repeated,
                shown + more.shown,
                deleted + more.deleted,
                interruption.plus(more.interruption));
    }

    @Override
    public String toString() {
        return kills + " kills (" + early + " before it took connections), " + stops + " stops, " + accepted
                + " messages accepted (" + repeated + " of them again), " + shown + " events shown, "
                + deleted + " threads deleted, "
                + interruption.lost() + " runs lost (" + interruption.neverStarted() + " that had not started), "
                + interruption.toolsAborted() + " tool calls aborted";
    }
}
