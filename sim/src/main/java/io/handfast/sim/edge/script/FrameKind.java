package io.handfast.sim.edge.script;

import io.handfast.sim.edge.wire.Opcode;
import java.util.Locale;

/** Which frames a rule counts. */
public enum FrameKind {
    ANY,
    TEXT,
    BINARY,
    CONTINUATION,
    /** Text, binary and continuation. */
    DATA,
    PING,
    PONG,
    CLOSE,
    /** Ping, pong and close. */
    CONTROL;

    public boolean matches(Opcode opcode) {
        return switch (this) {
            case ANY -> true;
            case TEXT -> opcode == Opcode.TEXT;
            case BINARY -> opcode == Opcode.BINARY;
            case CONTINUATION -> opcode == Opcode.CONTINUATION;
            case DATA -> opcode.isData();
            case PING -> opcode == Opcode.PING;
            case PONG -> opcode == Opcode.PONG;
            case CLOSE -> opcode == Opcode.CLOSE;
            case CONTROL -> opcode.isControl();
        };
    }

    /** As scripts write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
