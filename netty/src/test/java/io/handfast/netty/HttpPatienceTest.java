package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.netty.http.HttpLimits;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import java.io.EOFException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** For whom an HTTP connection waits, and for how long. */
@ExtendWith(LeakWatch.class)
class HttpPatienceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MORE_THAN_SOCKETS_HOLD = 32 << 20;
    private static final long SECONDS_MAX = 60;

    private final CompletableFuture<HttpReply> late = new CompletableFuture<>();
    private final CompletableFuture<Void> asked = new CompletableFuture<>();
    private final TestGateway gateway = new TestGateway.Wishes()
            .http(new HttpLimits(2_000, 4_000, 10_000, PATIENCE, PATIENCE, PATIENCE, Duration.ofSeconds(2)))
            .route(HttpRoute.open("GET", "/late", call -> {
                asked.complete(null);
                return late;
            }))
            .start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void a_peer_that_waits_for_its_answer_is_not_idle() throws Exception {
        try (RawClient waiting = gateway.client().send(get("/late"))) {
            asked.get(SECONDS_MAX, TimeUnit.SECONDS);
            everyLoopHasClosedAnIdleConnectionThatCameLater();

            late.complete(HttpReply.text(200, "late"));

            assertThat(waiting.response().body()).isEqualTo("late");
        }
    }

    /** Connections go round the loops, so each has one; its timers that were set earlier have come before. */
    private void everyLoopHasClosedAnIdleConnectionThatCameLater() {
        List<RawClient> idle = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            RawClient client = gateway.client();
            assertThat(client.call(get("/healthz")).status()).isEqualTo(200);
            idle.add(client);
        }
        for (RawClient client : idle) {
            assertThat(client.ends()).isTrue();
            client.close();
        }
    }

    @Test
    void a_reply_that_nobody_reads_is_cut_in_the_end() throws Exception {
        try (RawClient client = new RawClient(gateway.address(), 16 * 1024).send(get("/late"))) {
            asked.get(SECONDS_MAX, TimeUnit.SECONDS);
            late.complete(HttpReply.text(200, "x".repeat(MORE_THAN_SOCKETS_HOLD)));

            // Waits for the connection, and would itself cut it much later.
            CompletableFuture<Void> closed =
                    gateway.server().drain(Duration.ofSeconds(10 * SECONDS_MAX)).toCompletableFuture();

            closed.get(SECONDS_MAX, TimeUnit.SECONDS);
            assertThatThrownBy(client::response).hasRootCauseInstanceOf(EOFException.class);
        }
    }
}
