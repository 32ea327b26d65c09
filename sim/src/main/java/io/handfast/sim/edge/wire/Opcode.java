package io.handfast.sim.edge.wire;

import java.util.Locale;

/** The kind of a WebSocket frame (RFC 6455, section 5.2). */
public enum Opcode {
    CONTINUATION(0x0),
    TEXT(0x1),
    BINARY(0x2),
    CLOSE(0x8),
    PING(0x9),
    PONG(0xA),
    /** Reserved by RFC 6455: passed on like any other. */
    RESERVED(-1);

    private static final Opcode[] BY_BITS = new Opcode[16];

    static {
        java.util.Arrays.fill(BY_BITS, RESERVED);
        for (Opcode opcode : values()) {
            if (opcode.bits >= 0) {
                BY_BITS[opcode.bits] = opcode;
            }
        }
    }

    private final int bits;

    Opcode(int bits) {
        this.bits = bits;
    }

    static Opcode of(int bits) {
        return BY_BITS[bits & 0xF];
    }

    int bits() {
        return bits;
    }

    public boolean isControl() {
        return this == CLOSE || this == PING || this == PONG;
    }

    public boolean isData() {
        return this == TEXT || this == BINARY || this == CONTINUATION;
    }

    /** As scripts write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
