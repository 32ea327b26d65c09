package io.handfast.server.agui;

import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a header {@code Last-Event-ID} says: the last event of AG-UI that a client was told.
 *
 * @param seq of the event of the log that it belongs to
 * @param index its place among those that this one became
 */
record LastEvent(String epoch, long seq, int index) {
    private static final Pattern FORM = Pattern.compile("([^:]+):([0-9]{1,18})\\.([0-9]{1,6})");

    static LastEvent of(String id) throws RefusedException {
        Matcher form = FORM.matcher(id);
        if (!form.matches()) {
            throw new RefusedException(Problem.invalidField(
                    "Last-Event-ID", "Last-Event-ID must be epoch:seq.index, as the stream gave it"));
        }
        return new LastEvent(form.group(1), Long.parseLong(form.group(2)), Integer.parseInt(form.group(3)));
    }
}
