package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static org.assertj.core.api.Assertions.assertThat;

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
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final TestGateway gateway = TestGateway.start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<Void> drain() {
        return gateway.server().drain(DEADLINE).toCompletableFuture();
    }

    @Test
    void clients_are_told_then_closed_with_1012_and_all_are_out_long_before_the_deadline() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            clients.add(gateway.client().open("/v1/ws?thread_id=t" + i));
        }
        CompletableFuture<Void> drained = drain();
        for (RawClient client : clients) {
            assertThat(client.await("draining"))
                    .containsEntry("reason", "shutdown")
                    .containsKey("reconnect_after_ms");
            assertThat(client.closeCode()).isEqualTo(1012);
            client.send(close(1012, ""));
            assertThat(client.ends()).isTrue();
        }
        drained.get(DEADLINE.toMillis() - 1_000, TimeUnit.MILLISECONDS);
    }

    @Test
    void a_client_that_does_not_answer_is_closed_by_the_deadline() throws Exception {
        try (RawClient client = gateway.client().open("/v1/ws")) {
            drain().get(DEADLINE.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            assertThat(client.closeCode()).isEqualTo(1012);
            assertThat(client.ends()).isTrue();
        }
    }

    @Test
    void before_ready_it_is_1012_at_once() {
        try (RawClient client = gateway.client()) {
            client.send(upgrade("/v1/ws")).head();
            client.frame(); // the Ping, which stays without an answer
            CompletableFuture<Void> drained = drain();
            assertThat(client.frame().closeCode()).isEqualTo(1012);
            client.send(close(1012, ""));
            drained.join();
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
    void an_idle_http_connection_is_closed() {
        try (RawClient client = gateway.client()) {
            assertThat(client.call(get("/healthz")).status()).isEqualTo(200);
            CompletableFuture<Void> drained = drain();
            assertThat(client.ends()).isTrue();
            drained.join();
        }
    }
}
