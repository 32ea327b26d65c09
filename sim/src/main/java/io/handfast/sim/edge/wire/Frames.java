package io.handfast.sim.edge.wire;

import java.nio.ByteBuffer;

/** Frames that an edge makes itself (RFC 6455, section 5.2). */
public final class Frames {
    private Frames() {}

    /** A Close frame as the server sends it ({@code from} SERVER), or masked with the key, as the client does. */
    public static byte[] close(Side from, int code, int maskKey) {
        return frame(from, Opcode.CLOSE, new byte[] {(byte) (code >> 8), (byte) code}, maskKey);
    }

    /** A Pong frame with a payload of at most 125 bytes. */
    public static byte[] pong(Side from, byte[] payload, int maskKey) {
        return frame(from, Opcode.PONG, payload, maskKey);
    }

    /** One whole frame, as the server sends it, or masked with the key, as the client does. */
    public static byte[] frame(Side from, Opcode opcode, byte[] payload, int maskKey) {
        boolean masked = from == Side.CLIENT;
        int flag = masked ? 0x80 : 0;
        int sizeBytes = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
        ByteBuffer frame = ByteBuffer.allocate(2 + sizeBytes + (masked ? 4 : 0) + payload.length);
        frame.put((byte) (0x80 | opcode.bits()));
        switch (sizeBytes) {
            case 0 -> frame.put((byte) (flag | payload.length));
            case 2 -> frame.put((byte) (flag | 126)).putShort((short) payload.length);
            default -> frame.put((byte) (flag | 127)).putLong(payload.length);
        }
        if (masked) {
            frame.putInt(maskKey);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (masked ? payload[i] ^ (maskKey >>> (24 - 8 * (i % 4))) : payload[i]));
        }
        return frame.array();
    }
}
