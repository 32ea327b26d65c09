package io.handfast.netty;

import static io.handfast.netty.RawClient.upgrade;
import static io.handfast.netty.frame.ClientFrameBytes.bytes;
import static io.handfast.netty.frame.ClientFrameBytes.close;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** What stands in the log of a connection: one line at its end. */
class JournalTest {
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.handfast");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event);
        }
    };
    private final TestGateway gateway = TestGateway.start();

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.INFO);
    }

    @AfterEach
    void stop() {
        gateway.close();
        logger.detachAppender(appender);
        logger.setLevel(null);
    }

    private Map<String, Object> theLine() {
        await().atMost(RawClient.PATIENCE).until(() -> !lines.isEmpty());
        // Another one would come with the end of the transport, which a later connection's life lies behind.
        try (RawClient other = gateway.client()) {
            other.open("/v1/ws");
            assertThat(lines).hasSize(1);
        }
        ILoggingEvent line = lines.get(0);
        assertThat(line.getLevel()).isEqualTo(Level.INFO);
        return line.getKeyValuePairs().stream()
                .collect(Collectors.toMap((KeyValuePair pair) -> pair.key, pair -> pair.value));
    }

    @Test
    void a_close_of_the_peer_is_told_with_the_proof() {
        try (RawClient client = gateway.client().open("/v1/ws?user=ann")) {
            client.send(close(1000, "bye"));
            assertThat(client.ends()).isTrue();
        }
        assertThat(theLine())
                .containsEntry("user", "ann")
                .containsEntry("strategy", "proof")
                .containsEntry("tier", "transport")
                .containsEntry("proof", "transport")
                .containsEntry("who", "peer")
                .containsEntry("code", 1000)
                .containsEntry("phase", "ready")
                .containsKeys("connection", "age_ms", "ready_ms", "attempts");
    }

    @Test
    void a_violation_is_told_with_its_detail() {
        try (RawClient client = gateway.client().open("/v1/ws")) {
            client.send(bytes(0x81, 0x01, 'a'));
            assertThat(client.closeCode()).isEqualTo(1002);
        }
        assertThat(theLine())
                .containsEntry("code", 1002)
                .containsEntry("who", "peer")
                .containsEntry("detail", "frames of a client must be masked");
    }

    @Test
    void a_peer_that_comes_and_vanishes_is_no_error() {
        RawClient client = gateway.client();
        assertThat(client.send(upgrade("/v1/ws")).head().status()).isEqualTo(101);
        client.reset();
        assertThat(theLine()).containsEntry("code", 1006).containsEntry("reason", "peer_vanished");
    }

    @Test
    void a_peer_that_vanishes_before_its_request_is_not_told_at_all() {
        gateway.client().send("GET /v1/ws HT").reset();
        gateway.client().close();
        try (RawClient client = gateway.client().open("/v1/ws")) {
            client.send(close(1000, ""));
            assertThat(client.ends()).isTrue();
        }
        assertThat(theLine()).containsEntry("code", 1000);
    }
}
