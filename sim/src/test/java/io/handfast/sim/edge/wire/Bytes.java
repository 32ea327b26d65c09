package io.handfast.sim.edge.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Bytes as peers send them. */
public final class Bytes {
    public static final byte[] REQUEST = head("""
            GET /v1/ws HTTP/1.1
            Host: a
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """);
    public static final byte[] SWITCHED = head("""
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """);

    private Bytes() {}

    private static byte[] head(String lines) {
        return ascii(lines.replace("\n", "\r\n"));
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static byte[] text(Side from, String text) {
        return frame(from, Opcode.TEXT, ascii(text));
    }

    public static byte[] frame(Side from, Opcode opcode, byte[] payload) {
        boolean masked = from == Side.CLIENT;
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length);
        frame.put((byte) (0x80 | opcode.bits()));
        int flag = masked ? 0x80 : 0;
        if (payload.length < 126) {
            frame.put((byte) (flag | payload.length));
        } else if (payload.length < 65536) {
            frame.put((byte) (flag | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (flag | 127)).putLong(payload.length);
        }
        int key = 0x37FA213D;
        if (masked) {
            frame.putInt(key);
        }
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (masked ? payload[i] ^ (key >>> (24 - 8 * (i % 4))) : payload[i]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
