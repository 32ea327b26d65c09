package io.handfast.bench.delivery;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.Endpoint;
import io.handfast.bench.client.Identity;
import io.handfast.bench.report.Table;
import io.handfast.protocol.Json;
import io.handfast.server.Server;
import io.handfast.server.StartFailedException;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.ConfigurationException;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Readers that come back to a long answer, with and without coalescing (spec/protocol.md): two servers in this process take turns, so
 * that what disturbs the machine hits both. Processor time is that of the server's event loops alone.
 */
public final class CoalescingBench {
    private static final String THREAD = "answer";
    private static final String LOOPS_OF_SERVER = "handfast-io";
    private static final long PATIENCE_SECONDS = 120;
    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final CoalescingPlan plan;
    private final ClientLoops loops;

    private CoalescingBench(CoalescingPlan plan, ClientLoops loops) {
        this.plan = plan;
        this.loops = loops;
    }

    /**
     * Measures, on the calling thread and those of servers and clients.
     *
     * @param progress told in one line what has just been measured
     * @throws IOException when a server does not start, or a reader is not served
     */
    public static List<Table> run(CoalescingPlan plan, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (ClientLoops loops = ClientLoops.start(1, List.of());
                Server apart = start(false);
                Server together = start(true)) {
            return List.of(new CoalescingBench(plan, loops).run(apart, together, progress));
        }
    }

    private static Server start(boolean coalescing) throws IOException {
        Map<String, String> flags = Map.of(
                "handfast.env", "development",
                "handfast.port", "0",
                "handfast.log", "memory",
                "handfast.connection.coalescing", Boolean.toString(coalescing));
        try {
            return Server.start(Configuration.load(new Sources(flags, Map.of(), Map.of(), Optional.empty())));
        } catch (ConfigurationException | StartFailedException e) {
            throw new IOException("a server for the benchmark does not start: " + e.getMessage(), e);
        }
    }

    private Table run(Server apart, Server together, Consumer<String> progress)
            throws IOException, InterruptedException {
        Map<String, Server> servers = new LinkedHashMap<>();
        servers.put("off", apart);
        servers.put("on", together);
        Map<String, List<Resumption>> measured = new LinkedHashMap<>();
        for (Map.Entry<String, Server> server : servers.entrySet()) {
            fill(Endpoint.of(server.getValue().address()));
        }
        for (int round = 0; round <= plan.rounds(); round++) {
            for (Map.Entry<String, Server> server : servers.entrySet()) {
                // Only one server works at a time, and so only its loops take time.
                Resumption resumption = resume(Endpoint.of(server.getValue().address()));
                if (round > 0) {
                    measured.computeIfAbsent(server.getKey(), key -> new ArrayList<>())
                            .add(resumption);
                }
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, coalescing %s: %,d frames, %,.1f ms of the server's processor time",
                        round == 0 ? "warm-up" : "round " + round + " of " + plan.rounds(),
                        server.getKey(),
                        resumption.frames(),
                        resumption.cpuNanos() / NANOS_PER_MILLI));
            }
        }
        Table table = new Table(
                plan.readers() + " readers resume an answer of " + plan.words() + " words; for each reader",
                "coalescing",
                "frames",
                "bytes of JSON",
                "server CPU (µs)",
                "until all have it (ms)");
        measured.forEach((coalescing, rounds) -> {
            Resumption median = rounds.stream()
                    .sorted((a, b) -> Long.compare(a.cpuNanos(), b.cpuNanos()))
                    .toList()
                    .get(rounds.size() / 2);
            table.row(
                    coalescing,
                    (double) median.frames() / plan.readers(),
                    (double) median.bytes() / plan.readers(),
                    median.cpuNanos() / 1_000.0 / plan.readers(),
                    median.nanos() / NANOS_PER_MILLI);
        });
        return table;
    }

    /** What it took to serve all readers once. */
    private record Resumption(long frames, long bytes, long cpuNanos, long nanos) {}

    private void fill(Endpoint server) throws IOException, InterruptedException {
        byte[] message = Json.write(Map.of("message_id", "m", "agent", "echo", "text", "word ".repeat(plan.words())));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.http("/v1/threads/" + THREAD + "/messages"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException("the message is refused: " + answer.statusCode() + " " + answer.body());
        }
        read(server, 1);
    }

    private Resumption resume(Endpoint server) throws IOException, InterruptedException {
        long cpuBefore = cpuOfServers();
        long begun = System.nanoTime();
        List<ResumingReader> readers = read(server, plan.readers());
        long nanos = System.nanoTime() - begun;
        long cpu = cpuOfServers() - cpuBefore;
        return new Resumption(
                readers.stream().mapToLong(ResumingReader::frames).sum(),
                readers.stream().mapToLong(ResumingReader::bytes).sum(),
                cpu,
                nanos);
    }

    private List<ResumingReader> read(Endpoint server, int count) throws IOException, InterruptedException {
        Dial dial = Dial.to(server, new Identity("anonymous", null)).withQuery(Map.of("thread_id", THREAD));
        List<ResumingReader> readers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ResumingReader reader = new ResumingReader();
            EventLoop loop = loops.next();
            loop.execute(() -> reader.opens(loops.open(dial, loop, reader)));
            readers.add(reader);
        }
        for (ResumingReader reader : readers) {
            reader.await(PATIENCE_SECONDS);
        }
        return readers;
    }

    private static long cpuOfServers() {
        long nanos = 0;
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith(LOOPS_OF_SERVER)) {
                nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
            }
        }
        return nanos;
    }
}
