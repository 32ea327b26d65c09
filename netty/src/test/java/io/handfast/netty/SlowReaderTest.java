package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.handfast.connection.CloseCause;
import io.handfast.connection.Tier;
import io.handfast.log.Cursor;
import io.handfast.log.LogLimits;
import io.handfast.log.Slice;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** A reader with megabytes before it that does not read: the log waits, the server does not fill up. */
@ExtendWith(LeakWatch.class)
class SlowReaderTest {
    private static final int EVENTS = 1_000;
    private static final int EVENT_BYTES = 24 * 1024;

    /** What the kernel's buffers and the water marks may hold; much less than the log. */
    private static final long HELD_BYTES_MAX = 12L * 1024 * 1024;

    private final AtomicLong sentBytes = new AtomicLong();
    private final AtomicLong closed = new AtomicLong();
    private final TestGateway gateway = new TestGateway.Wishes()
            .log(LogLimits.forMemory())
            .metrics(new GatewayMetrics() {
                @Override
                public void eventsSent(int events, int frames, long bytes) {
                    sentBytes.addAndGet(bytes);
                }

                @Override
                public void connectionClosed(Strategy strategy, Tier tier, CloseCause cause) {
                    closed.incrementAndGet();
                }
            })
            .start();

    @AfterEach
    void stop() {
        gateway.close();
    }

    private void fill() {
        ThreadLog log = gateway.log();
        log.post(new ThreadLog.Post("t", "anonymous", "m", "hello", "run", "parrot", null))
                .toCompletableFuture()
                .join();
        byte[] chunk = Json.write(Map.of("text", "x".repeat(EVENT_BYTES)));
        List<EventDraft> events = new ArrayList<>();
        events.add(new EventDraft(EventType.AGENT_STARTED, Json.write(Map.of("agent", "parrot"))));
        for (int i = 0; i < EVENTS; i++) {
            events.add(new EventDraft(EventType.AGENT_RESPONSE_CHUNK, chunk));
            if (events.size() == 50) {
                append(log, events);
                events = new ArrayList<>();
            }
        }
        append(log, events);
        assertThat(log.tail("t", new Cursor("other", 0), 1)).isInstanceOf(Slice.Deleted.class);
    }

    private static void append(ThreadLog log, List<EventDraft> events) {
        assertThat(log.append("t", "run", events).toCompletableFuture().join()).isInstanceOf(Outcome.Done.class);
    }

    /** Connections on every loop are answered, so each loop has had its turns meanwhile. */
    private void othersAreServed() {
        for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
            try (RawClient other = gateway.client()) {
                for (int call = 0; call < 10; call++) {
                    assertThat(other.call(get("/healthz")).status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void the_cursor_waits_and_goes_on_where_it_was() {
        fill();
        try (RawClient slow = new RawClient(gateway.address(), 16 * 1024)) {
            slow.open("/v1/ws?thread_id=t");
            await().atMost(RawClient.PATIENCE).until(() -> sentBytes.get() > 0);
            othersAreServed();
            assertThat(sentBytes.get()).isLessThan(HELD_BYTES_MAX);
            slow.await("subscribed");
            for (long next = 1; next <= EVENTS + 2; ) {
                Map<String, Object> event = slow.await(frame -> frame.containsKey("payload"));
                assertThat(event.getOrDefault("first_seq", event.get("seq"))).isEqualTo(next);
                next = (long) Objects.requireNonNull(event.get("seq")) + 1;
            }
        }
    }

    @Test
    void an_event_stream_waits_in_the_same_way() {
        fill();
        try (RawClient slow = new RawClient(gateway.address(), 16 * 1024)) {
            slow.send(get("/v1/threads/t/events", "Accept: text/event-stream")).head();
            await().atMost(RawClient.PATIENCE).until(() -> sentBytes.get() > 0);
            othersAreServed();
            assertThat(sentBytes.get()).isLessThan(HELD_BYTES_MAX);
            StringBuilder buffer = new StringBuilder();
            for (long seq = 1; seq <= EVENTS + 2; seq++) {
                assertThat(slow.event(buffer).get("id")).endsWith(":" + seq);
            }
        }
    }

    @Test
    void a_reader_that_vanishes_with_megabytes_before_it_leaks_nothing_and_is_no_error() {
        List<ILoggingEvent> errors = new CopyOnWriteArrayList<>();
        Logger logger = (Logger) LoggerFactory.getLogger("io.handfast");
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                errors.add(event);
            }
        };
        appender.start();
        logger.addAppender(appender);
        logger.setLevel(Level.WARN);
        try {
            fill();
            RawClient slow = new RawClient(gateway.address(), 16 * 1024);
            slow.open("/v1/ws?thread_id=t");
            await().atMost(RawClient.PATIENCE).until(() -> sentBytes.get() > 0);
            othersAreServed(); // so the socket has been filled up
            slow.reset();
            await().atMost(RawClient.PATIENCE).until(() -> closed.get() == 1);
            othersAreServed();
            assertThat(errors).isEmpty();
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(null);
        }
    }
}
