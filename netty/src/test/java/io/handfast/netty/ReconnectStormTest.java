package io.handfast.netty;

import static io.handfast.log.LogUnderTest.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.connection.ConnectionLimits;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogUnderTest;
import io.handfast.log.MemoryStore;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** All connections of a node come back at once, each a few hundred events behind. Reads of the store are counted, not timed. */
class ReconnectStormTest {
    private static final int THREADS = 5;
    private static final int CONNECTIONS = 100;
    private static final int EVENTS = 300;
    private static final int BEHIND = 280;
    private static final int EVENT_BYTES = 400;

    private final CountedStore store = new CountedStore(new MemoryStore(EmbeddedThreadLog.randomName()));

    private static LogLimits keepingInMemory(long recentBytes) {
        LogLimits limits = LogLimits.forMemory();
        return new LogLimits(
                recentBytes,
                limits.residentThreadsMax(),
                limits.waitingBytesMax(),
                limits.batchRequestsMax(),
                limits.batchBytesMax(),
                limits.openRunsPerThreadMax(),
                limits.retention());
    }

    @Test
    void what_is_recent_comes_from_memory_and_nothing_is_read_from_the_store() {
        comeBack(keepingInMemory(4L * THREADS * EVENTS * EVENT_BYTES));
        assertThat(store.reads).as("reads of events").hasValue(0);
        assertThat(store.lookUps).as("reads of threads").hasValueLessThanOrEqualTo(THREADS);
    }

    @Test
    void what_is_older_is_read_in_batches_and_once_for_each_of_them() {
        comeBack(keepingInMemory(1));
        int batches = BEHIND * EVENT_BYTES / ConnectionLimits.ofDefaults().readBytes() + 1;
        assertThat(store.reads).as("reads of events").hasValueBetween(CONNECTIONS, CONNECTIONS * (batches + 1));
        // One with each read, so that what is deleted meanwhile is not read.
        assertThat(store.lookUps).as("reads of threads").hasValueLessThanOrEqualTo(store.reads.get() + CONNECTIONS);
    }

    private void comeBack(LogLimits limits) {
        try (TestGateway gateway =
                new TestGateway.Wishes().store(store).log(limits).start()) {
            String[] epochs = new String[THREADS];
            for (int t = 0; t < THREADS; t++) {
                epochs[t] = fill(new LogUnderTest(gateway.log()), "t" + t);
            }
            store.reads.set(0);
            store.lookUps.set(0);
            List<RawClient> clients = new ArrayList<>();
            try {
                for (int c = 0; c < CONNECTIONS; c++) {
                    int t = c % THREADS;
                    clients.add(gateway.client()
                            .open("/v1/ws?thread_id=t" + t + "&after_seq=" + (EVENTS - BEHIND) + "&epoch="
                                    + epochs[t]));
                }
                // Any frame is the proof that makes a connection READY.
                clients.forEach(client -> client.text("{\"type\":\"heartbeat\"}"));
                clients.forEach(ReconnectStormTest::readToTheEnd);
            } finally {
                clients.forEach(RawClient::close);
            }
        }
    }

    private static String fill(LogUnderTest log, String threadId) {
        log.done(log.log().post(message(threadId, "anonymous", "m", "run-" + threadId)));
        List<EventDraft> events = new ArrayList<>();
        events.add(new EventDraft(EventType.AGENT_STARTED, Json.write(Map.of("agent", "parrot"))));
        byte[] thought = Json.write(Map.of("text", "x".repeat(EVENT_BYTES - 120)));
        while (events.size() < EVENTS - 1) {
            events.add(new EventDraft(EventType.AGENT_THINKING, thought));
        }
        log.append(threadId, "run-" + threadId, events.toArray(EventDraft[]::new));
        return log.head(threadId).epoch();
    }

    private static void readToTheEnd(RawClient client) {
        assertThat(client.await("subscribed")).containsEntry("resumed", true);
        for (long next = EVENTS - BEHIND + 1; next <= EVENTS; next++) {
            Map<String, Object> event = client.await(frame -> frame.containsKey("payload"));
            assertThat(Objects.requireNonNull(event.get("seq"))).isEqualTo(next);
        }
    }
}
