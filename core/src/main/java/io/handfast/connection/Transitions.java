package io.handfast.connection;

import static io.handfast.connection.ConnectionState.ACCEPTED;
import static io.handfast.connection.ConnectionState.CLOSED;
import static io.handfast.connection.ConnectionState.DRAINING;
import static io.handfast.connection.ConnectionState.PROVING;
import static io.handfast.connection.ConnectionState.READY;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every transition that a connection may make. What is not in this table cannot happen. */
final class Transitions {
    /** In the order of docs/connection.md, which a test keeps equal. */
    static final List<Row> TABLE = table();

    private static final Map<ConnectionState, Map<Trigger, ConnectionState>> NEXT = index();

    private Transitions() {}

    private static List<Row> table() {
        List<Row> rows = new ArrayList<>(List.of(
                new Row(ACCEPTED, Trigger.CHALLENGED, PROVING),
                new Row(ACCEPTED, Trigger.CHECKED, READY),
                new Row(PROVING, Trigger.PROVEN, READY),
                new Row(PROVING, Trigger.DEGRADED, READY),
                new Row(READY, Trigger.TOLD_TO_GO, DRAINING)));
        ends(rows, List.of(ACCEPTED, PROVING), Trigger.FLOODED);
        ends(rows, List.of(PROVING), Trigger.UNPROVEN);
        ends(rows, List.of(ACCEPTED, PROVING, DRAINING), Trigger.SHUT_DOWN, Trigger.EXPIRED);
        ends(rows, List.of(READY, DRAINING), Trigger.SILENT, Trigger.OVERTAKEN, Trigger.REPLACED);
        ends(
                rows,
                List.of(ACCEPTED, PROVING, READY, DRAINING),
                Trigger.PEER_CLOSED,
                Trigger.PEER_VANISHED,
                Trigger.VIOLATED,
                Trigger.UNAUTHORIZED,
                Trigger.STALLED,
                Trigger.BROKEN);
        return List.copyOf(rows);
    }

    private static void ends(List<Row> rows, List<ConnectionState> states, Trigger... triggers) {
        for (Trigger trigger : triggers) {
            for (ConnectionState from : states) {
                rows.add(new Row(from, trigger, CLOSED));
            }
        }
    }

    private static Map<ConnectionState, Map<Trigger, ConnectionState>> index() {
        Map<ConnectionState, Map<Trigger, ConnectionState>> index = new EnumMap<>(ConnectionState.class);
        for (Row row : TABLE) {
            index.computeIfAbsent(row.from(), from -> new EnumMap<>(Trigger.class))
                    .put(row.on(), row.to());
        }
        return index;
    }

    /** Where the trigger leads, or null when it cannot happen in this state. */
    static @Nullable ConnectionState next(ConnectionState from, Trigger on) {
        return NEXT.getOrDefault(from, Map.of()).get(on);
    }

    /** One transition. */
    record Row(ConnectionState from, Trigger on, ConnectionState to) {}
}
