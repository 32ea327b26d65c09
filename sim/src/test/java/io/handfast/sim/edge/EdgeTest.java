package io.handfast.sim.edge;

import static io.handfast.sim.edge.wire.Bytes.REQUEST;
import static io.handfast.sim.edge.wire.Bytes.SWITCHED;
import static io.handfast.sim.edge.wire.Bytes.ascii;
import static io.handfast.sim.edge.wire.Bytes.frame;
import static io.handfast.sim.edge.wire.Bytes.join;
import static io.handfast.sim.edge.wire.Bytes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handfast.sim.edge.Stage.Pair;
import io.handfast.sim.edge.script.Script;
import io.handfast.sim.edge.wire.Frames;
import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each primitive once through real sockets. */
@Timeout(300)
final class EdgeTest {
    private static final byte[] PING = frame(Side.SERVER, Opcode.PING, ascii("12345678"));
    private static final byte[] ONE = text(Side.SERVER, "one");
    private static final byte[] TWO = text(Side.SERVER, "two");
    private static final byte[] HELLO = text(Side.CLIENT, "hello");

    @Test
    void without_rules_bytes_and_ends_pass_both_ways() throws IOException {
        try (Stage stage = new Stage("")) {
            Pair pair = stage.upgraded();
            pair.client().send(HELLO).fin();
            pair.server().gets(HELLO).seesFin();
            pair.server().send(ONE, new byte[1_000_000]).fin();
            pair.client().gets(ONE, new byte[1_000_000]).seesFin();
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().open() == 0);
            assertThat(stage.lines())
                    .last()
                    .asString()
                    .contains("over: both ended")
                    .contains("client got 1000134");
        }
    }

    @Test
    void a_reset_passes_both_ways() throws IOException {
        try (Stage stage = new Stage("")) {
            Pair first = stage.upgraded();
            first.client().rst();
            first.server().seesRst();
            Pair second = stage.upgraded();
            second.server().rst();
            second.client().seesRst();
        }
    }

    @Test
    void a_backend_that_is_not_there_resets_the_client() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (Edge edge = Edge.start(EdgeConfig.to(nobody))) {
            // the reset may be there before connect() has returned, which then throws it
            assertThatThrownBy(() -> readFrom(edge.address()))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @Test
    void hold_keeps_the_101_until_the_barrier_is_released() throws IOException {
        try (Stage stage = new Stage("on 101: hold server until barrier open")) {
            Pair pair = stage.asked();
            pair.server().send(SWITCHED, PING);
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().waitingAt("open") == 1);
            assertThat(pair.client().available()).isZero();
            stage.edge().release("open");
            pair.client().gets(SWITCHED, PING);
        }
    }

    @Test
    void hold_lasts_as_long_as_it_says() throws IOException {
        try (Stage stage = new Stage("on 101: hold server until 150ms early drop")) {
            Pair pair = stage.asked();
            long start = System.nanoTime();
            pair.server().send(SWITCHED, PING);
            pair.client().gets(SWITCHED);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(150_000_000L);
            pair.server().send(ONE);
            pair.client().gets(ONE);
        }
    }

    @Test
    void an_early_frame_resets_both_sides_when_told_so() throws IOException {
        try (Stage stage = new Stage("on 101: hold server until forever early rst")) {
            Pair pair = stage.asked();
            pair.server().send(SWITCHED, PING);
            pair.client().seesRst();
            pair.server().seesRst();
        }
    }

    @Test
    void delay_is_half_of_a_round_trip() throws IOException {
        try (Stage stage = new Stage("always: delay both 50ms")) {
            long start = System.nanoTime();
            Pair pair = stage.asked();
            pair.server().send(SWITCHED);
            pair.client().gets(SWITCHED);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(100_000_000L);
        }
    }

    @Test
    void coalesce_brings_the_101_and_the_first_frame_in_one_read() throws IOException {
        try (Stage stage = new Stage("on 101: coalesce 1 frame within 5m")) {
            Pair pair = stage.asked();
            pair.server().send(SWITCHED);
            await().atMost(Peer.PATIENCE).until(() -> stage.lines().size() == 1);
            pair.server().send(PING);
            assertThat(pair.client().read()).isEqualTo(SWITCHED.length + PING.length);
        }
    }

    @Test
    void dribble_brings_pieces() throws IOException {
        try (Stage stage = new Stage("on 101: dribble server 1 byte every 20ms for 50 bytes")) {
            Pair pair = stage.asked();
            long start = System.nanoTime();
            pair.server().send(SWITCHED);
            int reads = 0;
            for (int seen = 0; seen < SWITCHED.length; reads++) {
                seen += pair.client().read();
            }
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(49 * 20_000_000L);
            // A reader that the machine keeps waiting gets several pieces at once.
            assertThat(reads).isGreaterThan(2);
        }
    }

    @Test
    void drop_takes_out_one_frame() throws IOException {
        try (Stage stage = new Stage("on frame 1 text from server: drop")) {
            Pair pair = stage.upgraded();
            pair.server().send(PING, ONE, TWO);
            pair.client().gets(PING, TWO);
        }
    }

    @Test
    void blackhole_swallows_bytes_and_fin() throws IOException {
        try (Stage stage = new Stage("after frame 1 text from server: blackhole server")) {
            Pair pair = stage.upgraded();
            pair.server().send(ONE, TWO, new byte[300_000]).fin();
            pair.client().gets(ONE);
            await().atMost(Peer.PATIENCE)
                    .until(() -> stage.lines().stream().anyMatch(line -> line.contains("server ended its stream")));
            assertThat(pair.client().available()).isZero();
            pair.client().send(HELLO);
            pair.server().gets(HELLO);
        }
    }

    @Test
    void stop_read_blocks_the_writer() throws IOException {
        try (Stage stage = new Stage("after 101: stop-read client");
                SocketChannel client = SocketChannel.open(stage.edge().address())) {
            client.write(ByteBuffer.wrap(REQUEST));
            Peer server = stage.server();
            server.gets(REQUEST).send(SWITCHED);
            client.read(ByteBuffer.allocate(SWITCHED.length));
            assertThat(writeUntilBlocked(client)).isLessThan(64L * 1024 * 1024);
            assertThat(server.available()).isZero();
        }
    }

    @Test
    void a_reader_that_stalls_stalls_the_writer_and_loses_nothing() throws IOException {
        try (Stage stage = new Stage("on frame 1000 from server: note never");
                SocketChannel client = SocketChannel.open(stage.edge().address())) {
            client.write(ByteBuffer.wrap(REQUEST));
            Peer server = stage.server();
            server.gets(REQUEST);
            long sent = writeUntilBlocked(client);
            assertThat(sent).isLessThan(64L * 1024 * 1024);
            client.configureBlocking(true);
            client.shutdownOutput();
            long seen = 0;
            for (int read = server.read(); read > 0; read = server.read()) {
                seen += read;
            }
            assertThat(seen).isEqualTo(sent);
        }
    }

    /** Writes until the socket has taken nothing for 300 ms. */
    private static long writeUntilBlocked(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        long sent = 0;
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_WRITE);
            while (selector.select(300) > 0) {
                selector.selectedKeys().clear();
                sent += channel.write(ByteBuffer.allocate(256 * 1024));
                assertThat(sent).isLessThan(256L * 1024 * 1024);
            }
        }
        return sent;
    }

    @Test
    void fin_ends_both_sides_in_order_and_fin_to_one_only_that() throws IOException {
        try (Stage stage = new Stage("""
                connection 1: after frame 1 text from server: fin
                connection 2: after frame 1 text from server: fin client
                """)) {
            Pair both = stage.upgraded();
            both.server().send(ONE);
            both.client().gets(ONE).seesFin();
            both.server().seesFin();
            Pair one = stage.upgraded();
            one.server().send(ONE);
            one.client().gets(ONE).seesFin().send(HELLO);
            one.server().gets(HELLO);
        }
    }

    @Test
    void rst_resets_both_sides_and_rst_to_one_only_that() throws IOException {
        try (Stage stage = new Stage("""
                connection 1: on frame 2 text from server: rst
                connection 2: on frame 1 text from server: rst client
                """)) {
            Pair both = stage.upgraded();
            both.server().send(ONE, TWO);
            both.client().seesRst();
            both.server().seesRst();
            Pair one = stage.upgraded();
            one.server().send(ONE);
            one.client().seesRst();
            assertThat(one.server().available()).isZero();
            one.server().send(TWO).fin();
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().open() == 0);
        }
    }

    @Test
    void idle_and_lifetime_limits_cut() throws IOException {
        try (Stage stage = new Stage("""
                connection 1: always: idle-kill 2s counting data
                connection 2: always: lifetime-kill 2s by rst
                connection 3: after 101: lifetime-kill 50ms by close 1001
                """)) {
            Pair idle = stage.upgraded();
            idle.client().seesFin();
            idle.server().seesFin();
            Peer old = stage.client();
            old.seesRst();
            stage.server().seesRst();
            Pair told = stage.upgraded();
            told.client().gets(Frames.close(Side.SERVER, 1001, 0)).seesFin();
        }
    }

    @Test
    void pings_and_pongs_are_answered_and_eaten() throws IOException {
        try (Stage stage = new Stage("""
                connection 1: always: answer-pings server
                connection 2: always: eat-pings server; eat-pongs client
                """)) {
            Pair answered = stage.upgraded();
            answered.server().send(PING, ONE);
            answered.client().gets(ONE);
            assertThat(answered.server().read(2 + 4 + 8)[0]).isEqualTo((byte) 0x8A);
            Pair eaten = stage.upgraded();
            eaten.server().send(PING, ONE);
            eaten.client().gets(ONE).send(frame(Side.CLIENT, Opcode.PONG, ascii("12345678")), HELLO);
            eaten.server().gets(HELLO);
        }
    }

    @Test
    void inject_closes_in_the_name_of_the_server() throws IOException {
        try (Stage stage = new Stage("after frame 1 text from server: inject close 1012 to client")) {
            Pair pair = stage.upgraded();
            pair.server().send(ONE, TWO);
            pair.client().gets(ONE, Frames.close(Side.SERVER, 1012, 0)).send(HELLO);
            pair.server().gets(HELLO).fin();
            pair.client().seesFin();
        }
    }

    @Test
    void reroute_reaches_another_backend() throws IOException {
        try (Stage other = new Stage("");
                ServerSocket second = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Stage stage = new Stage(
                        "connection 2: on request: reroute b",
                        config -> config.withBackend("b", (InetSocketAddress) second.getLocalSocketAddress()))) {
            assertThat(other.edge().accepted()).isZero();
            stage.upgraded();
            Peer moved = stage.client().send(REQUEST);
            try (Peer server = new Peer(second.accept())) {
                server.gets(REQUEST).send(SWITCHED);
                moved.gets(SWITCHED);
            }
            stage.edge().reroute("b");
            stage.client();
            new Peer(second.accept()).close();
            assertThatThrownBy(() -> stage.edge().reroute("c")).hasMessage("there is no backend 'c'; there are: a, b");
        }
    }

    @Test
    void a_script_that_names_a_backend_that_is_not_there_is_refused() {
        EdgeConfig config = EdgeConfig.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1));
        assertThatThrownBy(() -> config.withScript(Script.parse("x", "always: reroute blue")))
                .hasMessage("x, line 1: there is no backend 'blue'; there are: a");
    }

    @Test
    void sigterm_reaches_the_process_and_kill_comes_later_even_without_the_connection() throws Exception {
        Process stubborn = new ProcessBuilder("sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done").start();
        try {
            assertThat(stubborn.getInputStream().read()).isEqualTo('u');
            List<String> asked = new CopyOnWriteArrayList<>();
            ProcessBackends processes = new ProcessBackends(Map.of("a", stubborn.pid()));
            BackendControl control = new BackendControl() {
                @Override
                public boolean sigterm(String backend) {
                    asked.add("sigterm " + backend);
                    return processes.sigterm(backend);
                }

                @Override
                public boolean kill(String backend) {
                    asked.add("kill " + backend);
                    return processes.kill(backend);
                }
            };
            try (Stage stage =
                    new Stage("after 101: sigterm a kill 200ms; rst", config -> config.withControl(control))) {
                Pair pair = stage.asked();
                pair.server().send(SWITCHED);
                pair.client().seesRst();
                assertThat(stubborn.waitFor(Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                        .isTrue();
                assertThat(asked).containsExactly("sigterm a", "kill a");
            }
        } finally {
            stubborn.destroyForcibly();
        }
    }

    @Test
    void one_connection_can_wait_for_another() throws IOException {
        try (Stage stage = new Stage("""
                connection 1: on fin from client: hold client until barrier reconnected
                connection 2: after 101: release reconnected
                """)) {
            Pair old = stage.upgraded();
            old.client().fin();
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().waitingAt("reconnected") == 1);
            Pair renewed = stage.upgraded();
            old.server().seesFin();
            renewed.client().send(HELLO);
            renewed.server().gets(HELLO);
        }
    }

    @Test
    void a_barrier_says_who_stands_there() throws IOException {
        try (Stage stage = new Stage("on frame 1 text from server: barrier mid")) {
            Pair pair = stage.upgraded();
            pair.server().send(PING, ONE);
            pair.client().gets(PING);
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().waitingAt("mid") == 1);
            stage.edge().release("mid");
            pair.client().gets(ONE);
            assertThat(stage.edge().waitingAt("mid")).isZero();
        }
    }

    @Test
    void new_connections_follow_a_new_script() throws IOException {
        try (Stage stage = new Stage("on frame 1 text from server: drop")) {
            Pair old = stage.upgraded();
            stage.edge().script(Script.transparent());
            Pair renewed = stage.upgraded();
            old.server().send(ONE, TWO);
            old.client().gets(TWO);
            renewed.server().send(ONE);
            renewed.client().gets(ONE);
        }
    }

    @Test
    void closing_the_edge_resets_what_is_open() throws IOException {
        Stage stage = new Stage("");
        Pair pair = stage.upgraded();
        stage.edge().close();
        pair.client().seesRst();
        pair.server().seesRst();
        stage.close();
    }

    @Test
    void an_address_of_another_machine_is_told_without_the_system_call() throws IOException {
        InetAddress other = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        EdgeConfig elsewhere = EdgeConfig.to(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))
                .withListen(new InetSocketAddress(other, 9090));
        assertThatThrownBy(() -> Edge.start(elsewhere))
                .isInstanceOf(IOException.class)
                .hasMessage("the edge cannot listen on 192.0.2.1:9090: Cannot assign requested address;"
                        + " choose another address or port");
    }

    @Test
    void an_edge_that_cannot_listen_says_so() throws IOException {
        try (Stage stage = new Stage("")) {
            EdgeConfig taken = EdgeConfig.to(stage.edge().address())
                    .withListen(stage.edge().address());
            assertThatThrownBy(() -> Edge.start(taken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:")
                    .hasMessageContaining("in use, by another program");
        }
    }

    @Test
    void the_lines_say_what_was_done() throws IOException {
        try (Stage stage = new Stage("# first\non frame 1 text from server: drop")) {
            Pair pair = stage.upgraded();
            pair.server().send(join(ONE, TWO)).fin();
            pair.client().gets(TWO).fin();
            await().atMost(Peer.PATIENCE).until(() -> stage.edge().open() == 0);
            List<String> lines = stage.lines();
            assertThat(lines.get(0)).matches("#1 \\+0us open from 127\\.0\\.0\\.1:\\d+");
            assertThat(lines.get(1)).matches("#1 \\+\\S+s dropped text frame 1 from server  \\[line 2]");
        }
    }

    private static int readFrom(InetSocketAddress address) throws IOException {
        try (Peer client = Peer.connect(address)) {
            return client.read();
        }
    }
}
