package io.handfast.netty;

import static io.handfast.netty.RawClient.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.connection.ConnectionLimits;
import io.handfast.log.ThreadLog;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chunks that wait for one reader: how many frames they cost, and that they are whole. */
@ExtendWith(LeakWatch.class)
class CoalescingTest {
    private static final int CHUNKS = 20_000;
    private static final int BATCH = 500;

    private final AtomicLong sentEvents = new AtomicLong();
    private final AtomicLong sentFrames = new AtomicLong();

    private TestGateway gateway(boolean coalescing) {
        return new TestGateway.Wishes()
                .coalescing(coalescing)
                .metrics(new GatewayMetrics() {
                    @Override
                    public void eventsSent(int events, int frames, long bytes) {
                        sentEvents.addAndGet(events);
                        sentFrames.addAndGet(frames);
                    }
                })
                .start();
    }

    private static void begin(ThreadLog log) {
        log.post(new ThreadLog.Post("t", "anonymous", "m", "hello", "run", "parrot", null))
                .toCompletableFuture()
                .join();
        append(log, List.of(new EventDraft(EventType.AGENT_STARTED, Json.write(Map.of("agent", "parrot")))));
    }

    private static void append(ThreadLog log, List<EventDraft> events) {
        assertThat(log.append("t", "run", events).toCompletableFuture().join()).isInstanceOf(Outcome.Done.class);
    }

    private static void appendChunks(ThreadLog log, int count) {
        for (int done = 0; done < count; done += BATCH) {
            List<EventDraft> batch = new ArrayList<>();
            for (int i = done; i < Math.min(count, done + BATCH); i++) {
                batch.add(new EventDraft(EventType.AGENT_RESPONSE_CHUNK, Json.write(Map.of("text", word(i)))));
            }
            append(log, batch);
        }
    }

    private static String word(int number) {
        return "word" + number + " ";
    }

    /** Reads up to this seq as the reader's rule says; the texts of the chunks. */
    private static String readTo(RawClient client, long from, long to) {
        StringBuilder text = new StringBuilder();
        for (long next = from; next <= to; ) {
            Map<String, Object> event = client.await(frame -> frame.containsKey("payload"));
            assertThat(event.getOrDefault("first_seq", event.get("seq"))).isEqualTo(next);
            next = (long) Objects.requireNonNull(event.get("seq")) + 1;
            if ("agent_response_chunk".equals(event.get("type"))) {
                text.append(((Map<?, ?>) Objects.requireNonNull(event.get("payload"))).get("text"));
            }
        }
        return text.toString();
    }

    private static String said(int count) {
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < count; i++) {
            said.append(word(i));
        }
        return said.toString();
    }

    @Test
    void a_reader_that_lags_gets_a_frame_for_each_read_of_the_log_and_not_for_each_chunk() {
        try (TestGateway gateway = gateway(true)) {
            begin(gateway.log());
            appendChunks(gateway.log(), CHUNKS);
            try (RawClient slow = new RawClient(gateway.address(), 16 * 1024)) {
                slow.open("/v1/ws?thread_id=t");

                assertThat(readTo(slow, 1, CHUNKS + 2)).isEqualTo(said(CHUNKS));
            }
            await().atMost(RawClient.PATIENCE).until(() -> sentEvents.get() == CHUNKS + 2);
            // Each read takes 64 KiB of the log, 400 chunks and more.
            assertThat(sentFrames.get()).isLessThan(2 + CHUNKS / 300);
        }
    }

    @Test
    void a_chunk_that_comes_alone_leaves_as_it_stands() {
        try (TestGateway gateway = gateway(true);
                RawClient client = gateway.client()) {
            begin(gateway.log());
            client.open("/v1/ws?thread_id=t");
            readTo(client, 1, 2);
            for (int i = 0; i < 3; i++) {
                appendChunks(gateway.log(), 1);
                Map<String, Object> event = client.await("agent_response_chunk");
                assertThat(event).doesNotContainKey("first_seq").containsEntry("seq", 3L + i);
            }
        }
    }

    @Test
    void chunks_of_one_commit_leave_as_one_frame() {
        try (TestGateway gateway = gateway(true);
                RawClient client = gateway.client()) {
            begin(gateway.log());
            client.open("/v1/ws?thread_id=t");
            readTo(client, 1, 2);
            appendChunks(gateway.log(), 5);

            Map<String, Object> event = client.await("agent_response_chunk");

            assertThat(event)
                    .containsEntry("first_seq", 3L)
                    .containsEntry("seq", 7L)
                    .containsEntry("payload", Map.of("text", said(5)));
        }
    }

    @Test
    void where_it_is_turned_off_every_event_has_a_frame() {
        try (TestGateway gateway = gateway(false)) {
            begin(gateway.log());
            appendChunks(gateway.log(), 1_000);
            try (RawClient client = gateway.client()) {
                client.open("/v1/ws?thread_id=t");
                for (long seq = 1; seq <= 1_002; seq++) {
                    assertThat(client.await(frame -> frame.containsKey("payload")))
                            .containsEntry("seq", seq)
                            .doesNotContainKey("first_seq");
                }
            }
        }
    }

    @Test
    void json_and_event_streams_have_every_event() {
        try (TestGateway gateway = gateway(true)) {
            begin(gateway.log());
            appendChunks(gateway.log(), 5);
            try (RawClient client = gateway.client()) {
                Map<String, Object> page =
                        client.call(get("/v1/threads/t/events")).json();
                assertThat((List<?>) page.get("events")).hasSize(7);
                client.send(get("/v1/threads/t/events", "Accept: text/event-stream"))
                        .head();
                StringBuilder buffer = new StringBuilder();
                for (int seq = 1; seq <= 7; seq++) {
                    Map<String, String> event = client.event(buffer);
                    assertThat(event.get("id")).endsWith(":" + seq);
                    assertThat(event.get("data")).doesNotContain("first_seq");
                }
            }
        }
    }

    @Test
    void a_reader_that_goes_on_in_the_middle_of_what_was_one_frame_gets_the_rest() {
        try (TestGateway gateway = gateway(true)) {
            begin(gateway.log());
            appendChunks(gateway.log(), 10);
            try (RawClient client = gateway.client()) {
                client.open("/v1/ws?thread_id=t&after_seq=7");

                Map<String, Object> event = client.await("agent_response_chunk");

                assertThat(event).containsEntry("first_seq", 8L).containsEntry("seq", 12L);
                assertThat(said(10))
                        .endsWith((String) ((Map<?, ?>) Objects.requireNonNull(event.get("payload"))).get("text"));
            }
        }
    }

    @Test
    void a_frame_is_no_larger_than_what_is_read_at_once() {
        ConnectionLimits limits = ConnectionLimits.ofDefaults();
        try (TestGateway gateway = gateway(true)) {
            begin(gateway.log());
            append(gateway.log(), longChunks());
            try (RawClient client = gateway.client()) {
                client.open("/v1/ws?thread_id=t");
                RawClient.Frame frame;
                do {
                    frame = client.data();
                    assertThat(frame.payload().length).isLessThanOrEqualTo(limits.readBytes());
                } while (!frame.text().contains("\"seq\":12,"));
            }
        }
    }

    private static List<EventDraft> longChunks() {
        List<EventDraft> chunks = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            chunks.add(new EventDraft(
                    EventType.AGENT_RESPONSE_CHUNK, Json.write(Map.of("text", "x".repeat(20 * 1024)))));
        }
        return chunks;
    }
}
