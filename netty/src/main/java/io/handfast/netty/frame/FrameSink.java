package io.handfast.netty.frame;

import io.handfast.protocol.CloseCode;

/** Takes what a {@link FrameReader} finds, one call for each message or control frame, in order. */
public interface FrameSink {
    /**
     * A whole text message.
     *
     * @param message valid UTF-8; handed over
     * @param early whether its first byte came in a call of {@link FrameReader#read} with {@code early}
     */
    void text(byte[] message, boolean early);

    /** A Ping; its payload is handed over. */
    void ping(byte[] payload);

    /** A Pong; its payload is handed over. */
    void pong(byte[] payload);

    /**
     * A Close frame; nothing comes after it.
     *
     * @param code 1005 when it had none
     */
    void close(int code, String reason);

    /** The peer broke a rule; nothing comes after it. */
    void violation(CloseCode code, String detail);
}
