package io.handfast.server;

import static io.handfast.server.EdgeStand.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.netty.RawClient;
import io.handfast.netty.RawReader;
import io.handfast.netty.frame.ClientFrameBytes;
import io.handfast.sim.edge.BackendControl;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modes of docs/failure-modes.md at the end of connections, made by an edge between a running server and its clients. */
class ClosingModesTest {
    private static final String WORDS =
            IntStream.range(0, 200).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @TempDir
    private Path data;

    private final LogLines log = LogLines.of("io.handfast");

    @AfterEach
    void nothing_is_our_error() {
        log.close();
        assertThat(log.warnings()).isEmpty();
    }

    @Test
    void f18_what_was_sent_before_a_close_arrives_although_the_peer_talks_on() throws Exception {
        try (TestServer server = TestServer.start();
                EdgeStand stand = new EdgeStand(server, "on frame 1 close from server: hold server until 100ms")) {
            RawReader reader = new RawReader("f18");
            stand.say("f18", "m", "one two");
            RawClient client = stand.client().open(reader.target());
            client.send(ClientFrameBytes.frame(ClientFrameBytes.FIN | ClientFrameBytes.BINARY, new byte[10]));
            String heartbeat = frame("heartbeat", "padding", "x".repeat(10_000));
            for (int i = 0; i < 100; i++) {
                client.text(heartbeat);
            }

            reader.to("agent_completed", client);
            assertThat(client.closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void f19_a_close_comes_behind_the_events_that_are_due() throws Exception {
        TestServer server = TestServer.start("HANDFAST_DRAIN_RUNS", "0s", "HANDFAST_DRAIN_CONNECTIONS", "6s");
        try (EdgeStand stand = new EdgeStand(
                server, "connection 1: after frame 2 text from server: stop-read server until barrier draining")) {
            long last = stand.fill("f19", 12);
            RawReader reader = new RawReader("f19");
            RawClient client = stand.client().open(reader.target());
            CompletableFuture<Void> closed = CompletableFuture.runAsync(server.server()::drain);
            await().atMost(TestServer.PATIENCE)
                    .until(() -> server.get("/readyz").statusCode() == 503);
            stand.release("draining");

            reader.to(last, client);
            assertThat(client.closeCode()).isEqualTo(1012);
            closed.get(TestServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            server.close();
        }
    }

    @Test
    void f20_a_deploy_in_the_midst_of_an_answer_is_told_and_the_reader_goes_on_at_the_next_process() throws Exception {
        TestServer first = durable("0");
        String port = Integer.toString(first.port());
        CompletableFuture<Void> ended = new CompletableFuture<>();
        BackendControl deploy = new BackendControl() {
            @Override
            public boolean sigterm(String backend) {
                ended.completeAsync(() -> {
                    first.server().drain();
                    return null;
                });
                return true;
            }

            @Override
            public boolean kill(String backend) {
                return false;
            }
        };
        String script = "connection 1: after frame 12 text from server: sigterm a kill 10s";
        try (EdgeStand stand = new EdgeStand(first, script, deploy)) {
            stand.say("f20", "m", WORDS, "chunk_delay_ms", 100);
            RawReader reader = new RawReader("f20");
            RawClient client = stand.client().open(reader.target());
            assertThat(reader.to("agent_error", client).get("payload"))
                    .asString()
                    .contains("code=agent_lost", "retryable=true");
            assertThat(client.closeCode()).isEqualTo(1012);
            String before = reader.answer();
            assertThat(WORDS).startsWith(before);
            ended.get(TestServer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            try (TestServer second = durable(port)) {
                assertThat(second.port()).isEqualTo(first.port());
                RawClient next = stand.client().open(reader.target());
                assertThat(next.await("subscribed")).containsEntry("resumed", true);
                next.text(frame(
                        "user_message", "thread_id", "f20", "message_id", "m2", "agent", "echo", "text", "again"));
                reader.to("agent_completed", next);
                assertThat(reader.answer()).isEqualTo(before + "again");
            }
        }
    }

    private TestServer durable(String port) throws Exception {
        return TestServer.start(
                "HANDFAST_PORT",
                port,
                "HANDFAST_LOG",
                "rocksdb",
                "HANDFAST_DATA",
                data.toString(),
                "HANDFAST_DRAIN_RUNS",
                "200ms");
    }
}
