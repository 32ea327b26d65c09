package io.handfast.sim.edge;

import io.handfast.sim.edge.link.Totals;
import io.handfast.sim.edge.script.Span;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** What an edge does, as lines of text: the number of the connection, its age, what happened, the line of the script. */
public final class EdgeLines implements EdgeListener {
    private final Consumer<String> out;

    /** @param out takes each line, without an end of line; from several threads */
    public EdgeLines(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void accepted(long connection, SocketAddress client) {
        line(connection, 0, "open from " + client.toString().replaceFirst("^.*/", ""));
    }

    @Override
    public void note(long connection, long ageNanos, int line, String text) {
        line(connection, ageNanos, line == 0 ? text : text + "  [line " + line + "]");
    }

    @Override
    public void closed(long connection, long ageNanos, String ending, Totals totals) {
        line(
                connection,
                ageNanos,
                "over: " + ending + "; client sent " + totals.fromClient() + " bytes, server got " + totals.toServer()
                        + "; server sent " + totals.fromServer() + ", client got " + totals.toClient());
    }

    private void line(long connection, long ageNanos, String text) {
        out.accept("#" + connection + " +" + Span.show(ageNanos) + " " + text);
    }
}
