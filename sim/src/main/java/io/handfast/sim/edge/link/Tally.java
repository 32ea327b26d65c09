package io.handfast.sim.edge.link;

import io.handfast.sim.edge.script.FrameKind;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import java.util.EnumMap;
import java.util.Map;

/** How many frames of each kind came from each side. */
final class Tally {
    private final EnumMap<Opcode, Long> fromClient = new EnumMap<>(Opcode.class);
    private final EnumMap<Opcode, Long> fromServer = new EnumMap<>(Opcode.class);

    void count(Side from, Opcode opcode) {
        of(from).merge(opcode, 1L, Long::sum);
    }

    long count(Side from, FrameKind kind) {
        long sum = 0;
        for (Map.Entry<Opcode, Long> entry : of(from).entrySet()) {
            if (kind.matches(entry.getKey())) {
                sum += entry.getValue();
            }
        }
        return sum;
    }

    private EnumMap<Opcode, Long> of(Side from) {
        return from == Side.CLIENT ? fromClient : fromServer;
    }
}
