package io.handfast.bench.cost;

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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Measures the whole server, in a process of its own, over real sockets on the loopback address. */
public final class CostBench {
    private static final String USER = "bench";

    /** With it an event has 200 bytes, as those of the bare figures in docs/benchmarks.md. */
    private static final int TEXT_BYTES = 40;

    /** Of each conversation. */
    private static final int EVENTS_PER_SECOND = 50;

    private static final int DIALLING = 64;

    private CostBench() {}

    /**
     * Runs the plan, on the calling thread, client loops and the processes of servers.
     *
     * @param progress told in one line what has just been measured
     * @return what an event, an idle connection and an opened one cost
     * @throws Exception when a server does not start, or something comes that should not
     */
    public static List<Table> run(CostPlan plan, Consumer<String> progress) throws Exception {
        try (ScratchDirectory directory = new ScratchDirectory(plan.directory());
                Node node = Node.start(plan.durability(), directory.path())) {
            return List.of(events(plan, node, progress), connects(plan, node, progress), idle(plan, node, progress));
        }
    }

    // ---- events

    private record Flowed(double seconds, long events, long frames, CpuTimes cpu) {
        double perMillion(double cpuSeconds) {
            return cpuSeconds / events * 1e6;
        }
    }

    private static Table events(CostPlan plan, Node node, Consumer<String> progress) throws Exception {
        Table table = new Table(
                "Processor time of the server, seconds for a million events; " + plan.conversations()
                        + " conversations, " + EVENTS_PER_SECOND + " events a second each, durability "
                        + plan.durability(),
                "pieces at a time",
                "events/s",
                "events/frame",
                "CPU s/million",
                "event loops",
                "log writer",
                "agents",
                "engine",
                "collector",
                "compiler",
                "others");
        List<Integer> bursts = List.of(1, 4, 16);
        List<List<Flowed>> rounds = new ArrayList<>();
        bursts.forEach(burst -> rounds.add(new ArrayList<>()));
        for (int round = 0; round <= plan.rounds(); round++) {
            for (int i = 0; i < bursts.size(); i++) {
                Flowed flowed = flow(plan, node, "flow-" + round + "-" + i, bursts.get(i));
                progress.accept(String.format(
                        Locale.ROOT,
                        "%s, %d at a time: %.2f CPU seconds for a million events",
                        which(round, plan),
                        bursts.get(i),
                        flowed.perMillion(flowed.cpu().total())));
                if (round > 0) {
                    rounds.get(i).add(flowed);
                }
            }
        }
        for (int i = 0; i < bursts.size(); i++) {
            List<Flowed> of = rounds.get(i);
            table.row(
                    bursts.get(i),
                    Median.of(of, flowed -> flowed.events() / flowed.seconds()),
                    Median.of(of, flowed -> (double) flowed.events() / flowed.frames()),
                    Median.of(of, flowed -> flowed.perMillion(flowed.cpu().total())),
                    kind(of, CpuTimes.Kind.EVENT_LOOPS),
                    kind(of, CpuTimes.Kind.LOG_WRITER),
                    kind(of, CpuTimes.Kind.AGENTS),
                    kind(of, CpuTimes.Kind.ENGINE),
                    kind(of, CpuTimes.Kind.COLLECTOR),
                    kind(of, CpuTimes.Kind.COMPILER),
                    kind(of, CpuTimes.Kind.OTHERS));
        }
        return table;
    }

    private static double kind(List<Flowed> rounds, CpuTimes.Kind kind) {
        return Median.of(rounds, flowed -> flowed.perMillion(flowed.cpu().of(kind)));
    }

    private static String which(int round, CostPlan plan) {
        return round == 0 ? "warm-up" : "round " + round + " of " + plan.rounds();
    }

    private static Flowed flow(CostPlan plan, Node node, String name, int burst) throws Exception {
        int pauseMillis = (int) TimeUnit.SECONDS.toMillis(1) * burst / EVENTS_PER_SECOND;
        // The first and the last part of the flow, in which conversations begin and end, are not looked at.
        long leadMillis = settle(plan);
        int count = (int) ((plan.round().toMillis() + 2 * leadMillis) * EVENTS_PER_SECOND / 1_000) + burst;
        try (ClientLoops loops = ClientLoops.start(1, List.of())) {
            Visitors visitors = new Visitors(loops, dial(node), DIALLING);
            for (int i = 0; i < plan.conversations(); i++) {
                visitors.open(Map.of("thread_id", name + "-" + i));
            }
            visitors.awaitReady();
            long pouredBefore = node.poured();
            for (int i = 0; i < plan.conversations(); i++) {
                visitors.all()
                        .get(i)
                        .send(Node.message(name + "-" + i, new Node.Flow(count, TEXT_BYTES, burst, pauseMillis)));
                TimeUnit.MILLISECONDS.sleep(
                        i % 10 == 0 ? 1 : 0); // so that they do not all speak in the same millisecond
            }
            TimeUnit.MILLISECONDS.sleep(leadMillis);
            long events = visitors.events();
            long frames = visitors.frames();
            CpuTimes cpu = node.cpu();
            long begin = System.nanoTime();
            TimeUnit.NANOSECONDS.sleep(plan.round().toNanos());
            Flowed flowed = new Flowed(
                    (System.nanoTime() - begin) / 1e9,
                    visitors.events() - events,
                    visitors.frames() - frames,
                    node.cpu().since(cpu));
            visitors.check();
            node.awaitPoured(
                    pouredBefore + plan.conversations()); // the next round begins when the agents are free again
            visitors.leave();
            return flowed;
        }
    }

    /** A second, unless rounds are shorter. */
    private static long settle(CostPlan plan) {
        return Math.min(TimeUnit.SECONDS.toMillis(1), plan.round().toMillis());
    }

    private static Dial dial(Node node) {
        return Dial.to(node.endpoint(), Identities.named().of(USER));
    }

    // ---- idle connections

    private static Table idle(CostPlan plan, Node node, Consumer<String> progress) throws Exception {
        Table table = new Table(
                "Memory of " + plan.idle() + " idle connections, bytes for each",
                "connections",
                "heap",
                "resident",
                "heap of the server without",
                "resident without");
        for (boolean subscribed : new boolean[] {false, true}) {
            String name = subscribed ? "each watching a thread of its own" : "watching no thread";
            progress.accept("opening idle connections, " + name);
            try (ClientLoops loops = ClientLoops.start(1, List.of())) {
                Visitors visitors = new Visitors(loops, dial(node), DIALLING);
                TimeUnit.MILLISECONDS.sleep(settle(plan));
                long heapBefore = node.heapBytes();
                long residentBefore = node.residentBytes();
                open(visitors, plan.idle(), subscribed, "idle");
                TimeUnit.MILLISECONDS.sleep(settle(plan));
                double heap = node.heapBytes() - heapBefore;
                double resident = node.residentBytes() - residentBefore;
                table.row(name, heap / plan.idle(), resident / plan.idle(), heapBefore, residentBefore);
                visitors.leave();
            }
        }
        return table;
    }

    private static void open(Visitors visitors, int count, boolean subscribed, String name)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            visitors.open(subscribed ? Map.of("thread_id", name + "-" + i) : Map.of());
        }
        visitors.awaitReady();
    }

    // ---- connects

    private record Opened(double seconds, double p50Millis, double p99Millis, CpuTimes cpu) {}

    private static Table connects(CostPlan plan, Node node, Consumer<String> progress) throws Exception {
        List<Opened> rounds = new ArrayList<>();
        try (ClientLoops loops = ClientLoops.start(1, List.of())) {
            for (int round = 0; round <= plan.rounds(); round++) {
                Visitors visitors = new Visitors(loops, dial(node), DIALLING);
                CpuTimes before = node.cpu();
                long begin = System.nanoTime();
                open(visitors, plan.connects(), false, "");
                Opened opened = new Opened(
                        (System.nanoTime() - begin) / 1e9,
                        visitors.readyNanos().getValueAtPercentile(50) / 1e6,
                        visitors.readyNanos().getValueAtPercentile(99) / 1e6,
                        node.cpu().since(before));
                visitors.leave();
                progress.accept(String.format(
                        Locale.ROOT, "%s: %,.0f connects/s", which(round, plan), plan.connects() / opened.seconds()));
                if (round > 0) {
                    rounds.add(opened);
                }
            }
        }
        return new Table(
                        "Connections from the call to READY, proven by a Pong, " + DIALLING + " on the way at a time",
                        "connections",
                        "connects/s",
                        "p50 ms",
                        "p99 ms",
                        "server CPU µs/connect")
                .row(
                        plan.connects(),
                        Median.of(rounds, opened -> plan.connects() / opened.seconds()),
                        Median.of(rounds, Opened::p50Millis),
                        Median.of(rounds, Opened::p99Millis),
                        Median.of(rounds, opened -> opened.cpu().total() / plan.connects() * 1e6));
    }
}
