package io.handfast.netty.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the frames of a server (RFC 6455, section 5: unmasked, never fragmented) in one direct buffer, to be written at once.
 *
 * <p>Large payloads are copied too: a byte array is copied into direct memory in any case before it reaches the kernel, so to
 * splice it would save nothing and cost a buffer. Not for use by several threads.
 */
public final class FrameWriter {
    private static final int FIRST_CAPACITY = 256;
    private static final int MAX_HEADER = 10;
    private static final int MAX_CLOSE_REASON = 123;

    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf batch;

    public FrameWriter(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    public void text(byte[] utf8) {
        frame(TEXT, utf8);
    }

    /** A Ping; at most 125 bytes. */
    public void ping(byte[] payload) {
        frame(PING, payload);
    }

    /** A Pong; at most 125 bytes. */
    public void pong(byte[] payload) {
        frame(PONG, payload);
    }

    /**
     * A Close.
     *
     * @param code 1005 for a frame without a code
     * @param reason cut to the 123 bytes of UTF-8 that a Close can carry
     */
    public void close(int code, String reason) {
        if (code == 1005) {
            frame(CLOSE, new byte[0]);
            return;
        }
        String cut = reason;
        while (ByteBufUtil.utf8Bytes(cut) > MAX_CLOSE_REASON) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        byte[] text = cut.getBytes(StandardCharsets.UTF_8);
        ByteBuf out = room(2 + MAX_HEADER + text.length);
        header(out, CLOSE, 2 + text.length);
        out.writeShort(code).writeBytes(text);
    }

    /** Makes room at once for frames with so many bytes of payload. */
    public void expect(int frames, long payloadBytes) {
        room((int) Math.min(Integer.MAX_VALUE - 8, payloadBytes + (long) frames * MAX_HEADER));
    }

    private void frame(int firstByte, byte[] payload) {
        ByteBuf out = room(MAX_HEADER + payload.length);
        header(out, firstByte, payload.length);
        out.writeBytes(payload);
    }

    private ByteBuf room(int bytes) {
        ByteBuf out = batch;
        if (out == null) {
            out = allocator.directBuffer(Math.max(FIRST_CAPACITY, bytes));
            batch = out;
        }
        return out.ensureWritable(bytes);
    }

    private static void header(ByteBuf out, int firstByte, int length) {
        out.writeByte(firstByte);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 0x1_0000) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }

    /** Bytes gathered since the last {@link #take}. */
    public int gatheredBytes() {
        ByteBuf out = batch;
        return out == null ? 0 : out.readableBytes();
    }

    /** What was gathered, owned by the caller from now on; null for nothing. */
    public @Nullable ByteBuf take() {
        ByteBuf out = batch;
        batch = null;
        return out;
    }
}
