package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.netty.frame.ClientFrameBytes.PING;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.netty.RawClient.Frame;
import io.handfast.netty.RawClient.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How a server goes (F18 to F20). */
@ExtendWith(LeakWatch.class)
class DrainTest {
    /** So late that nothing here waits for it. */
    private static final Duration FAR = Duration.ofMinutes(10);

    /** Waits for a Close of the peer longer than any test here, so that an end by a deadline is one by that of the drain. */
    private final TestGateway gateway =
            new TestGateway.Wishes().closingWithin(FAR).start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<Void> drain(Duration deadline) {
        return gateway.server().drain(deadline).toCompletableFuture();
    }

    private static void awaited(CompletableFuture<Void> drained) throws Exception {
        drained.get(RawClient.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void clients_are_told_then_closed_with_1012_and_all_are_out_long_before_the_deadline() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(gateway.client().open("/v1/ws?thread_id=t" + i));
        }
        CompletableFuture<Void> drained = drain(FAR);
        for (RawClient client : clients) {
            assertThat(client.await("draining"))
                    .containsEntry("reason", "shutdown")
                    .containsKey("reconnect_after_ms");
            assertThat(client.closeCode()).isEqualTo(1012);
            client.send(close(1012, ""));
            assertThat(client.ends()).isTrue();
        }
        awaited(drained);
    }

    @Test
    void a_client_that_does_not_answer_is_closed_by_the_deadline() throws Exception {
        try (RawClient client = gateway.client().open("/v1/ws")) {
            awaited(drain(Duration.ofSeconds(2)));
            assertThat(client.closeCode()).isEqualTo(1012);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void before_ready_it_is_1012_at_once() throws Exception {
        try (RawClient client = gateway.client()) {
            client.send(upgrade("/v1/ws")).head();
            assertThat(client.frame().opcode()).isEqualTo(PING);
            CompletableFuture<Void> drained = drain(FAR);
            Frame frame = client.frame();
            while (frame.opcode() == PING) {
                frame = client.frame(); // repeated, as it stays without an answer
            }
            assertThat(frame.closeCode()).isEqualTo(1012);
            client.send(close(1012, ""));
            awaited(drained);
        }
    }

    @Test
    void new_connections_are_refused_while_those_that_are_open_go_on() {
        try (RawClient open = gateway.client().open("/v1/ws")) {
            gateway.server().refuseNew();
            try (RawClient late = gateway.client()) {
                Response response = late.send(upgrade("/v1/ws")).response();
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.json()).containsEntry("code", "draining");
            }
            try (RawClient probe = gateway.client()) {
                assertThat(probe.call(get("/readyz")).status()).isEqualTo(503);
            }
            open.text("{\"type\":\"heartbeat\"}").await("heartbeat_ack");
        }
    }

    @Test
    void an_idle_http_connection_is_closed() throws Exception {
        try (RawClient client = gateway.client()) {
            assertThat(client.call(get("/healthz")).status()).isEqualTo(200);
            CompletableFuture<Void> drained = drain(FAR);
            assertThat(client.ends()).isTrue();
            awaited(drained);
        }
    }
}
