package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept by the log on disk, as settings say, and what readers are told of what is gone. */
class RetentionTest {
    private static final String WORDS =
            IntStream.range(0, 100).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    @TempDir
    private Path data;

    @Test
    void a_reader_that_asks_for_what_is_gone_is_told_of_the_gap_and_gets_the_rest_everywhere() throws Exception {
        try (TestServer server = start("HANDFAST_RETENTION_EVENTS_PER_THREAD", "64")) {
            post(server, "t", "m1", WORDS);
            Frame page = untilAnswered(server, "t");
            long head = number(page.fields(), "head_seq");
            Map<?, ?> gap = (Map<?, ?>) Objects.requireNonNull(page.fields().get("gap"));
            long from = number(gap, "missing_to") + 1;
            assertThat(gap).isEqualTo(Map.of("reason", "trimmed", "missing_from", 1L, "missing_to", from - 1));
            assertThat(head - from + 1).as("events kept").isBetween(56L, 64L);
            List<Long> kept = LongStream.rangeClosed(from, head).boxed().toList();
            assertThat(seqs(page)).isEqualTo(kept);
            String epoch = page.text("epoch");

            try (TestClient client = server.connect("thread_id=t&after_seq=1&epoch=" + epoch)) {
                assertThat(client.await("subscribed").fields())
                        .containsEntry("resumed", false)
                        .containsEntry("from_seq", from);
                assertThat(client.await("history_gap").fields())
                        .containsEntry("reason", "trimmed")
                        .containsEntry("missing_from", 2L)
                        .containsEntry("missing_to", from - 1);
                client.await("agent_completed");
                assertThat(client.events().stream()
                                .flatMapToLong(event -> LongStream.rangeClosed(event.firstSeq(), event.seq()))
                                .boxed())
                        .isEqualTo(kept);
            }

            List<String> stream = stream(server, "/v1/threads/t/events?after_seq=1&epoch=" + epoch);
            assertThat(stream.get(0)).isEqualTo("event: history_gap");
            assertThat(Frame.of(stream.get(1).substring("data: ".length())).fields())
                    .containsEntry("missing_from", 2L)
                    .containsEntry("missing_to", from - 1);
            assertThat(stream.stream()
                            .filter(line -> line.startsWith("id: "))
                            .map(line -> Long.valueOf(line.substring(line.indexOf(':', 4) + 1))))
                    .isEqualTo(kept);

            String metrics = server.get("/metrics").body();
            assertThat(metric(metrics, "handfast_events_trimmed_total")).isEqualTo(from - 1);
        }
        // After a start the bytes that are retained are counted anew, from what is on the disk.
        try (TestServer server = start("HANDFAST_RETENTION_EVENTS_PER_THREAD", "64")) {
            long bytes =
                    eventBytes(server.get("/v1/threads/t/events?limit=1000").body());
            await().atMost(TestServer.PATIENCE)
                    .until(() -> metric(server.get("/metrics").body(), "handfast_log_retained_bytes") == bytes);
        }
    }

    @Test
    void all_threads_together_keep_no_more_than_they_may_and_what_is_oldest_goes_first() throws Exception {
        String text = "x".repeat(100 * 1024);
        try (TestServer server = start("HANDFAST_RETENTION_BYTES_TOTAL", "1MiB")) {
            for (int i = 0; i < 8; i++) {
                post(server, "t" + i, "m", text);
                untilAnswered(server, "t" + i);
            }
            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(page(server, "t0").fields()).containsKey("gap"));
            await().atMost(TestServer.PATIENCE)
                    .until(() -> metric(server.get("/metrics").body(), "handfast_log_retained_bytes") <= 1 << 20);
            assertThat(seqs(page(server, "t0"))).isEmpty();
            assertThat(page(server, "t7").fields()).doesNotContainKey("gap");
            // A thread without events is still a thread: it is listed, its messages are known, and its seq goes on.
            assertThat(server.get("/v1/threads").body()).contains("\"t0\"");
            assertThat(Frame.of(post(server, "t0", "m", text)).fields()).containsEntry("duplicate", true);
        }
    }

    @Test
    void what_is_too_old_is_gone_after_a_start_even_if_nobody_writes() throws Exception {
        BigDecimal last;
        try (TestServer server = start()) {
            post(server, "t", "m", "to be forgotten");
            List<?> events = (List<?>)
                    Objects.requireNonNull(untilAnswered(server, "t").fields().get("events"));
            last = (BigDecimal) Objects.requireNonNull(((Map<?, ?>) events.get(events.size() - 1)).get("timestamp"));
        }
        Instant tooOld = Instant.ofEpochMilli(last.movePointRight(3).longValue() + 1_001);
        await().atMost(TestServer.PATIENCE).until(() -> Instant.now().isAfter(tooOld));
        try (TestServer server = start("HANDFAST_RETENTION_AGE", "1s")) {
            await().atMost(TestServer.PATIENCE)
                    .untilAsserted(() -> assertThat(page(server, "t").fields()).containsKey("gap"));
            assertThat(seqs(page(server, "t"))).isEmpty();
        }
    }

    private TestServer start(String... settings) throws Exception {
        return TestServer.start(Stream.concat(
                        Stream.of("HANDFAST_LOG", "rocksdb", "HANDFAST_DATA", data.toString()), Stream.of(settings))
                .toArray(String[]::new));
    }

    private static String post(TestServer server, String threadId, String messageId, String text) throws Exception {
        HttpResponse<String> response = server.post(
                "/v1/threads/" + threadId + "/messages",
                "{\"message_id\":\"" + messageId + "\",\"agent\":\"echo\",\"text\":\"" + text + "\"}");
        assertThat(response.statusCode()).isEqualTo(202);
        return response.body();
    }

    private static Frame page(TestServer server, String threadId) throws Exception {
        return Frame.of(
                server.get("/v1/threads/" + threadId + "/events?limit=1000").body());
    }

    /** The whole thread, once its run has ended. */
    private static Frame untilAnswered(TestServer server, String threadId) {
        List<Frame> pages = new ArrayList<>();
        await().atMost(TestServer.PATIENCE).until(() -> {
            pages.add(page(server, threadId));
            return pages.get(pages.size() - 1).fields().toString().contains("agent_completed");
        });
        return pages.get(pages.size() - 1);
    }

    private static long number(Map<?, ?> fields, String name) {
        return (Long) Objects.requireNonNull(fields.get(name));
    }

    private static List<Long> seqs(Frame page) {
        List<?> events = (List<?>) Objects.requireNonNull(page.fields().get("events"));
        return events.stream()
                .map(event -> (Long) ((Map<?, ?>) event).get("seq"))
                .toList();
    }

    /** The lines of a stream that say something, until the answer is complete. */
    private static List<String> stream(TestServer server, String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .header("Accept", "text/event-stream")
                .timeout(TestServer.PATIENCE)
                .build();
        List<String> lines = new ArrayList<>();
        try (Stream<String> all = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()) {
            for (String line : (Iterable<String>) all::iterator) {
                if (!line.isEmpty() && !line.startsWith(":")) {
                    lines.add(line);
                }
                if (line.startsWith("data: ") && line.contains("\"agent_completed\"")) {
                    break;
                }
            }
        }
        return lines;
    }

    /** The bytes of the events in the JSON of a page that holds nothing behind them. */
    private static long eventBytes(String page) {
        String events = page.substring(page.indexOf("\"events\":[") + "\"events\":[".length(), page.length() - 2);
        long count = seqs(Frame.of(page)).size();
        return events.getBytes(StandardCharsets.UTF_8).length - (count - 1);
    }

    private static long metric(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> new BigDecimal(line.substring(name.length() + 1)).longValue())
                .findFirst()
                .orElse(-1L);
    }
}
