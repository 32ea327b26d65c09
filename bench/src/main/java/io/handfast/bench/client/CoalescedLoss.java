package io.handfast.bench.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A stack with the fault F02: what stands behind the head of the 101 in the same read is thrown away. */
final class CoalescedLoss extends ChannelInboundHandlerAdapter {
    private static final int HEAD_END = 0x0D0A0D0A;

    private int last4;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        for (int i = bytes.readerIndex(); i < bytes.writerIndex(); i++) {
            last4 = last4 << Byte.SIZE | bytes.getUnsignedByte(i);
            if (last4 == HEAD_END) {
                bytes.writerIndex(i + 1);
                ctx.pipeline().remove(this);
                break;
            }
        }
        ctx.fireChannelRead(bytes);
    }
}
