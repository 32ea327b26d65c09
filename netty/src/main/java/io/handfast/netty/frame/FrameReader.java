package io.handfast.netty.frame;

import io.handfast.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the frames of a client (RFC 6455, section 5) from bytes that come in pieces of any size, and judges each byte as soon as it
 * is there: a wrong header bit, a message over the limit or invalid UTF-8 fails before the frame is complete, and no more is
 * buffered than has arrived.
 *
 * <p>After a Close frame or a violation everything is discarded. Not for use by several threads.
 */
public final class FrameReader {
    private static final byte[] EMPTY = {};
    private static final int FIRST_CAPACITY = 4096;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private static final int CONTINUATION = 0x0;
    private static final int TEXT = 0x1;
    private static final int BINARY = 0x2;
    private static final int CLOSE = 0x8;
    private static final int PING = 0x9;
    private static final int PONG = 0xA;

    /** Which part of a frame the next byte belongs to. */
    private enum Part {
        FIRST_BYTE,
        SECOND_BYTE,
        LENGTH,
        KEY,
        PAYLOAD,
        NOTHING_MORE
    }

    private final int maxMessageBytes;
    private final FrameSink sink;
    private final Utf8Check utf8 = new Utf8Check();

    private Part part = Part.FIRST_BYTE;
    private int opcode;
    private boolean fin;
    private int lengthBytesLeft;
    private int lengthBytes;
    private long payloadLength;
    private int keyBytesLeft;
    private int key;
    private long payloadRead;

    private boolean inMessage;
    private boolean messageEarly;
    private byte[] message = EMPTY;
    private int messageLength;
    private byte[] control = EMPTY;

    /**
     * @param maxMessageBytes the longest message, over all its fragments; longer ones are 1009
     */
    public FrameReader(int maxMessageBytes, FrameSink sink) {
        this.maxMessageBytes = maxMessageBytes;
        this.sink = sink;
    }

    /**
     * Reads on, up to the end of one frame or of the input.
     *
     * @param early whether these bytes arrived before the 101 was written
     */
    public void read(ByteBuf in, boolean early) {
        while (in.isReadable()) {
            switch (part) {
                case FIRST_BYTE -> firstByte(in.readByte(), early);
                case SECOND_BYTE -> secondByte(in.readByte());
                case LENGTH -> lengthByte(in.readByte());
                case KEY -> keyByte(in.readByte());
                case PAYLOAD -> payload(in);
                case NOTHING_MORE -> in.skipBytes(in.readableBytes());
            }
            if (part == Part.FIRST_BYTE) {
                return;
            }
        }
    }

    /** Discards whatever comes from now on. */
    public void stop() {
        part = Part.NOTHING_MORE;
        message = EMPTY;
        control = EMPTY;
    }

    private void firstByte(byte b, boolean early) {
        fin = (b & 0x80) != 0;
        opcode = b & 0x0F;
        part = Part.SECOND_BYTE;
        if ((b & 0x70) != 0) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a reserved bit is set, and no extension was negotiated");
            return;
        }
        switch (opcode) {
            case TEXT, BINARY -> {
                if (inMessage) {
                    violation(CloseCode.PROTOCOL_VIOLATION, "a new message before the last one has ended");
                }
                messageEarly = early;
            }
            case CONTINUATION -> {
                if (!inMessage) {
                    violation(CloseCode.PROTOCOL_VIOLATION, "a continuation of no message");
                }
            }
            case CLOSE, PING, PONG -> {
                if (!fin) {
                    violation(CloseCode.PROTOCOL_VIOLATION, "a fragmented control frame");
                }
            }
            default -> violation(CloseCode.PROTOCOL_VIOLATION, "reserved opcode " + opcode);
        }
    }

    private void secondByte(byte b) {
        int length = b & 0x7F;
        if ((b & 0x80) == 0) {
            violation(CloseCode.PROTOCOL_VIOLATION, "frames of a client must be masked");
        } else if (control() && length > MAX_CONTROL_PAYLOAD) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a control frame of more than 125 bytes");
        } else if (opcode == BINARY) {
            violation(CloseCode.UNSUPPORTED_DATA, "binary messages have no meaning here: send text");
        } else if (length < 126) {
            payloadLength = length;
            lengthKnown();
        } else {
            payloadLength = 0;
            lengthBytes = length == 126 ? 2 : 8;
            lengthBytesLeft = lengthBytes;
            part = Part.LENGTH;
        }
    }

    private void lengthByte(byte b) {
        if (lengthBytesLeft == 8 && b < 0) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a length with the highest bit set");
            return;
        }
        payloadLength = payloadLength << Byte.SIZE | (b & 0xFF);
        if (--lengthBytesLeft > 0) {
            return;
        }
        if (payloadLength < (lengthBytes == 2 ? 126 : 0x1_0000)) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a length in more bytes than it needs");
        } else {
            lengthKnown();
        }
    }

    private void lengthKnown() {
        if (!control() && payloadLength > maxMessageBytes - messageLength) {
            violation(CloseCode.MESSAGE_TOO_BIG, "a message may have " + maxMessageBytes + " bytes");
            return;
        }
        key = 0;
        keyBytesLeft = Integer.BYTES;
        part = Part.KEY;
    }

    private void keyByte(byte b) {
        key = key << Byte.SIZE | (b & 0xFF);
        if (--keyBytesLeft > 0) {
            return;
        }
        payloadRead = 0;
        part = Part.PAYLOAD;
        if (control()) {
            control = payloadLength == 0 ? EMPTY : new byte[(int) payloadLength];
        } else {
            inMessage = true;
        }
        if (payloadLength == 0) {
            frameEnd();
        }
    }

    private void payload(ByteBuf in) {
        int length = (int) Math.min(in.readableBytes(), payloadLength - payloadRead);
        if (control()) {
            in.readBytes(control, (int) payloadRead, length);
            Mask.apply(control, (int) payloadRead, length, key, payloadRead);
        } else {
            reserve(length);
            in.readBytes(message, messageLength, length);
            Mask.apply(message, messageLength, length, key, payloadRead);
            if (!utf8.accepts(message, messageLength, length)) {
                violation(CloseCode.INVALID_UTF8, "text that is not UTF-8");
                return;
            }
            messageLength += length;
        }
        payloadRead += length;
        if (payloadRead == payloadLength) {
            frameEnd();
        }
    }

    /** Room for {@code length} bytes more: exactly what the message needs when it is all there, else only a bit ahead of it. */
    private void reserve(int length) {
        int needed = messageLength + length;
        if (needed <= message.length) {
            return;
        }
        int whole = (int) (messageLength + payloadLength - payloadRead);
        int ahead = Math.min(whole, Math.max(FIRST_CAPACITY, 2 * message.length));
        message = Arrays.copyOf(message, Math.max(needed, ahead));
    }

    private void frameEnd() {
        part = Part.FIRST_BYTE;
        if (control()) {
            byte[] payload = control;
            control = EMPTY;
            switch (opcode) {
                case PING -> sink.ping(payload);
                case PONG -> sink.pong(payload);
                default -> close(payload);
            }
        } else if (fin) {
            messageEnd();
        }
    }

    private void messageEnd() {
        if (!utf8.finish()) {
            violation(CloseCode.INVALID_UTF8, "text that ends within a character");
            return;
        }
        byte[] whole = message.length == messageLength ? message : Arrays.copyOf(message, messageLength);
        message = EMPTY;
        messageLength = 0;
        inMessage = false;
        sink.text(whole, messageEarly);
    }

    private void close(byte[] payload) {
        if (payload.length == 0) {
            stop();
            sink.close(1005, "");
            return;
        }
        if (payload.length == 1) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a Close with half a status code");
            return;
        }
        int code = (payload[0] & 0xFF) << Byte.SIZE | (payload[1] & 0xFF);
        if (!mayBeSent(code)) {
            violation(CloseCode.PROTOCOL_VIOLATION, "a Close with status code " + code);
            return;
        }
        Utf8Check reason = new Utf8Check();
        if (!reason.accepts(payload, 2, payload.length - 2) || !reason.finish()) {
            violation(CloseCode.INVALID_UTF8, "a Close with a reason that is not UTF-8");
            return;
        }
        stop();
        sink.close(code, new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    /** RFC 6455, section 7.4, with the codes registered since (1012 to 1014). */
    private static boolean mayBeSent(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }

    private boolean control() {
        return opcode >= CLOSE;
    }

    private void violation(CloseCode code, String detail) {
        if (part != Part.NOTHING_MORE) {
            stop();
            sink.violation(code, detail);
        }
    }
}
