package io.handfast.bench.resume;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.Identities;
import io.handfast.bench.node.CpuTimes;
import io.handfast.bench.node.Node;
import io.handfast.bench.report.Median;
import io.handfast.bench.report.ScratchDirectory;
import io.handfast.bench.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Lets all connections of a node come back at once: after its restart, and while it still has their events in memory. */
public final class ResumeBench {
    private static final String USER = "bench";

    /** With it an event of the agent has 250 bytes. */
    private static final int TEXT_BYTES = 90;

    /** The message and {@code agent_started}: what every connection had before it went away. */
    private static final long SEEN = 2;

    /** Connections that share a thread where the events are to be in memory: all that it holds are 64 MiB. */
    private static final int READERS = 10;

    private ResumeBench() {}

    private record Round(Storm.Passed passed, CpuTimes cpu) {}

    /**
     * Runs the plan, on the calling thread, client loops and the process of a server.
     *
     * @param progress told in one line what has just been measured
     * @throws Exception when the server does not start, or a connection does not get everything in order
     */
    public static Table run(ResumePlan plan, Consumer<String> progress) throws Exception {
        Table table = new Table(
                plan.connections() + " connections come back, each " + plan.behind() + " events behind",
                "events from",
                "threads",
                "seconds",
                "events/s",
                "p50 ms",
                "p99 ms",
                "server CPU s",
                "CPU s/million events");
        List<String> shared = threads("shared", Math.max(1, plan.connections() / READERS));
        List<String> own = threads("own", plan.connections());
        try (ScratchDirectory directory = new ScratchDirectory(plan.directory())) {
            List<Round> rounds = new ArrayList<>();
            try (Node node = Node.start(plan.durability(), directory.path())) {
                fill(plan, node, shared, progress);
                Round warmUp = round(plan, node, shared);
                progress.accept(String.format(
                        Locale.ROOT, "memory, warm-up: %.2f s", warmUp.passed().seconds()));
                for (int i = 0; i < plan.rounds(); i++) {
                    rounds.add(round(plan, node, shared));
                    tell(progress, "memory", rounds);
                }
                row(plan, table, "memory", shared.size(), rounds);
                fill(plan, node, own, progress);
            }
            rounds.clear();
            for (int i = 0; i < plan.rounds(); i++) {
                // A server that has just started has nothing in memory and is not warm either: as after a deploy.
                try (Node node = Node.start(plan.durability(), directory.path())) {
                    rounds.add(round(plan, node, own));
                }
                tell(progress, "disk", rounds);
            }
            row(plan, table, "disk, behind a restart", own.size(), rounds);
        }
        return table;
    }

    private static List<String> threads(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toList();
    }

    private static void fill(ResumePlan plan, Node node, List<String> threadIds, Consumer<String> progress)
            throws Exception {
        progress.accept("writing " + plan.behind() + " events in each of " + threadIds.size() + " threads");
        node.fill(threadIds, USER, new Node.Flow(plan.behind(), TEXT_BYTES, 1, 0));
    }

    private static void tell(Consumer<String> progress, String name, List<Round> rounds) {
        double seconds = rounds.get(rounds.size() - 1).passed().seconds();
        progress.accept(String.format(Locale.ROOT, "%s, round %d: %.2f s", name, rounds.size(), seconds));
    }

    private static void row(ResumePlan plan, Table table, String name, int threads, List<Round> rounds) {
        double events = (double) plan.connections() * (plan.behind() + 1);
        table.row(
                name,
                threads,
                Median.of(rounds, round -> round.passed().seconds()),
                Median.of(rounds, round -> events / round.passed().seconds()),
                Median.of(rounds, round -> millis(round, 50)),
                Median.of(rounds, round -> millis(round, 99)),
                Median.of(rounds, round -> round.cpu().total()),
                Median.of(rounds, round -> round.cpu().total() / events * 1e6));
    }

    private static Round round(ResumePlan plan, Node node, List<String> threadIds) throws Exception {
        Dial dial = Dial.to(node.endpoint(), Identities.named().of(USER));
        try (ClientLoops loops = ClientLoops.start(1, List.of())) {
            CpuTimes before = node.cpu();
            Storm.Passed passed = Storm.run(loops, dial, threadIds, SEEN, plan.connections(), plan.dialling());
            return new Round(passed, node.cpu().since(before));
        }
    }

    private static double millis(Round round, double percentile) {
        return round.passed().latencies().getValueAtPercentile(percentile) / 1e6;
    }
}
