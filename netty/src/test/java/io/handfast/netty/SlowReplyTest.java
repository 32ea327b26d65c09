package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.netty.http.HttpLimits;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A reply that is read for longer than a connection may be idle. */
@Timeout(60)
@ExtendWith(LeakWatch.class)
class SlowReplyTest {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String BODY = "0123456789abcdef".repeat(2 << 20);
    private static final int STEP = 16 * 1024;
    private static final int PAUSE_MILLIS = 10;

    @Test
    void a_reply_that_is_read_slowly_but_steadily_is_read_to_its_end() throws Exception {
        HttpRoute route =
                HttpRoute.open("GET", "/long", call -> CompletableFuture.completedFuture(HttpReply.text(200, BODY)));
        try (TestGateway gateway = new TestGateway.Wishes()
                        .http(new HttpLimits(2_000, 4_000, 10_000, PATIENCE, PATIENCE, PATIENCE, PATIENCE))
                        .route(route)
                        .start();
                RawClient client = new RawClient(gateway.address(), 16 * 1024).send(get("/long"))) {
            assertThat(client.head().status()).isEqualTo(200);
            long beganNanos = System.nanoTime();
            int read = 0;
            while (System.nanoTime() - beganNanos < PATIENCE.multipliedBy(3).toNanos()) {
                read += client.read(STEP).length;
                Thread.sleep(PAUSE_MILLIS);
            }
            assertThat(read).as("the reply is still under way").isLessThan(BODY.length() / 2);
            assertThat(client.read(BODY.length() - read))
                    .endsWith("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
