package io.handfast.sim.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Bytes;
import io.handfast.sim.edge.wire.Side;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@SuppressWarnings("FutureReturnValueIgnored") // An echo that fails is one that the client misses.
final class ManyConnectionsTest {
    private static final int CONNECTIONS = 2_000;

    @Test
    void thousands_of_connections_pass_through_at_once() throws IOException {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        List<Peer> clients = new ArrayList<>();
        try (Edge edge = Edge.start(EdgeConfig.to(echo(loops))
                .withScript(Script.parse(
                        "many", "on frame 2 text from client: drop\nalways: idle-kill 5m counting data")))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(Peer.connect(edge.address()));
            }
            await().atMost(Peer.PATIENCE).until(() -> edge.open() == CONNECTIONS);
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.get(i).send(Bytes.REQUEST, frame(i), frame(-i), frame(i + 1));
            }
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.get(i).gets(Bytes.REQUEST, frame(i), frame(i + 1)).fin();
            }
            for (Peer client : clients) {
                client.seesFin();
            }
            await().atMost(Peer.PATIENCE).until(() -> edge.open() == 0);
            assertThat(edge.accepted()).isEqualTo(CONNECTIONS);
        } finally {
            for (Peer client : clients) {
                client.close();
            }
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static byte[] frame(int number) {
        return Bytes.text(Side.CLIENT, "message " + number);
    }

    private static InetSocketAddress echo(EventLoopGroup loops) {
        return (InetSocketAddress) new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 4096)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                context.writeAndFlush(message, context.voidPromise());
                            }
                        });
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel()
                .localAddress();
    }
}
